import type Stripe from 'stripe';

interface Card {
  type: 'card';
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
  wallet?: 'apple_pay' | 'link';
}

/** How the buyer pays. Only card details that Stripe itself shows are kept. */
export type Instrument = Card | { type: 'bank' | 'ideal' | 'link' | 'paypal' };

const VISA: Card = { type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034 };

/** The ways to pay at once that the control API offers. */
export const METHODS = [
  'visa',
  'mastercard',
  'unknown_card',
  'apple_pay',
  'link_card',
  'link',
  'ideal',
  'paypal',
] as const;

export const INSTRUMENTS: Readonly<Record<(typeof METHODS)[number], Instrument>> = {
  visa: VISA,
  mastercard: { ...VISA, brand: 'mastercard', last4: '4444' },
  unknown_card: { ...VISA, brand: 'unknown' },
  apple_pay: { ...VISA, wallet: 'apple_pay' },
  link_card: { ...VISA, wallet: 'link' },
  link: { type: 'link' },
  ideal: { type: 'ideal' },
  paypal: { type: 'paypal' },
};

/** The details of a charge's payment method (docs.stripe.com/api/charges/object#charge_object-payment_method_details). */
export function methodDetails(instrument: Instrument, amountMinor: number): Stripe.Charge.PaymentMethodDetails {
  switch (instrument.type) {
    case 'card':
      return { card: cardDetails(instrument, amountMinor), type: 'card' };
    case 'bank':
      return {
        sepa_debit: {
          bank_code: '37040044',
          branch_code: '',
          country: 'DE',
          fingerprint: null,
          last4: '3000',
          mandate: null,
        },
        type: 'sepa_debit',
      };
    case 'ideal':
      return {
        ideal: {
          bank: 'ing',
          bic: 'INGBNL2A',
          generated_sepa_debit: null,
          generated_sepa_debit_mandate: null,
          iban_last4: '5264',
          transaction_id: null,
          verified_name: 'A. Jansen',
        },
        type: 'ideal',
      };
    case 'link':
      return { link: { country: 'US' }, type: 'link' };
    case 'paypal':
      return {
        paypal: {
          country: 'US',
          payer_email: 'payer@example.net',
          payer_id: 'SIMULATEDPAYER',
          payer_name: 'Ann Payer',
          seller_protection: { dispute_categories: null, status: 'not_eligible' },
          transaction_id: null,
        },
        type: 'paypal',
      };
  }
}

function walletDetails(type: 'apple_pay' | 'link'): Stripe.Charge.PaymentMethodDetails.Card.Wallet {
  return type === 'apple_pay' ? { apple_pay: {}, dynamic_last4: '0042', type } : { dynamic_last4: null, type };
}

function cardDetails(card: Card, amountMinor: number): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: amountMinor,
    authorization_code: null,
    brand: card.brand,
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
    country: 'US',
    electronic_commerce_indicator: null,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    extended_authorization: { status: 'disabled' },
    fingerprint: `SIMULATED${card.last4}`,
    funding: 'credit',
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card.last4,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card.brand,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: amountMinor, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: card.wallet === undefined ? null : walletDetails(card.wallet),
  };
}
