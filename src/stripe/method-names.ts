/**
 * The names of payment methods, card brands and wallets whose name is not just Stripe's word with capitals. Source:
 * docs.stripe.com/payments/payment-methods/overview. They are proper nouns, the same in every language.
 */
const NAMES = new Map(
  Object.entries({
    amex: 'American Express',
    amex_express_checkout: 'American Express',
    diners: 'Diners Club',
    eftpos_au: 'eftpos',
    jcb: 'JCB',
    unionpay: 'UnionPay',

    acss_debit: 'Pre-authorized debit',
    au_becs_debit: 'BECS Direct Debit',
    bacs_debit: 'Bacs Direct Debit',
    nz_bank_account: 'BECS Direct Debit',
    sepa_debit: 'SEPA Direct Debit',
    us_bank_account: 'ACH Direct Debit',

    afterpay_clearpay: 'Afterpay / Clearpay',
    blik: 'BLIK',
    cashapp: 'Cash App Pay',
    eps: 'EPS',
    fpx: 'FPX',
    grabpay: 'GrabPay',
    ideal: 'iDEAL',
    mb_way: 'MB WAY',
    mobilepay: 'MobilePay',
    oxxo: 'OXXO',
    p24: 'Przelewy24',
    payco: 'PAYCO',
    paynow: 'PayNow',
    paypal: 'PayPal',
    paypay: 'PayPay',
    payto: 'PayTo',
    promptpay: 'PromptPay',
    sequra: 'seQura',
    twint: 'TWINT',
    upi: 'UPI',
    wechat_pay: 'WeChat Pay',
  }),
);

/** The name under which buyers know a payment method, card brand or wallet: `ideal` is "iDEAL", `apple_pay` "Apple Pay". */
export function methodName(stripeName: string): string {
  const words = stripeName.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return NAMES.get(stripeName) ?? words.join(' ');
}
