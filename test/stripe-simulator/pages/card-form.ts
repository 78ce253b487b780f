import { isEmail } from '../parameters.ts';
import type { Instrument } from '../resources/payment-methods.ts';

export type Field = 'card_cvc' | 'card_expiry' | 'card_number' | 'email';
export type FieldErrors = Partial<Record<Field, string>>;
export type FieldValues = Record<Field, string>;

type Card = Extract<Instrument, { type: 'card' }>;

const DECLINED_NUMBER = '4000000000000002';
/** At Stripe this card always needs 3D Secure. Here its bank answers late, and accepts. */
const SLOW_NUMBER = '4000002760003184';
const BRANDS: Readonly<Record<string, string>> = {
  '4242424242424242': 'visa',
  '5555555555554444': 'mastercard',
  [DECLINED_NUMBER]: 'visa',
  [SLOW_NUMBER]: 'visa',
};

export interface CheckedCard {
  card: Card;
  declined: boolean;
  /** The bank takes seconds to answer. */
  slow: boolean;
}

/** The text fields of a submitted form. A missing field is empty. */
export function fieldValues(form: FormData): FieldValues {
  const value = (name: Field) => String(form.get(name) ?? '').trim();
  return {
    email: value('email'),
    card_number: value('card_number'),
    card_expiry: value('card_expiry'),
    card_cvc: value('card_cvc'),
  };
}

export function emailErrors(values: FieldValues): FieldErrors {
  return isEmail(values.email) ? {} : { email: 'Enter an e-mail address, such as name@example.com.' };
}

/** The card that was entered, or what is wrong with each field. */
export function checkCard(values: FieldValues, nowMs: number): CheckedCard | FieldErrors {
  const number = values.card_number.replaceAll(/[\s-]/g, '');
  const brand = Object.hasOwn(BRANDS, number) ? BRANDS[number] : undefined;
  const expiry = parseExpiry(values.card_expiry, nowMs);
  const errors: FieldErrors = {
    ...emailErrors(values),
    ...(brand ? {} : { card_number: 'Use 4242 4242 4242 4242 to pay, or 4000 0000 0000 0002 to be declined.' }),
    ...(expiry ? {} : { card_expiry: 'Enter a month and year to come, as MM / YY.' }),
    ...(/^\d{3,4}$/.test(values.card_cvc) ? {} : { card_cvc: 'Enter the 3 or 4 digits.' }),
  };
  if (!brand || !expiry || Object.keys(errors).length > 0) return errors;
  return {
    card: { type: 'card', brand, last4: number.slice(-4), ...expiry },
    declined: number === DECLINED_NUMBER,
    slow: number === SLOW_NUMBER,
  };
}

export function isCheckedCard(result: CheckedCard | FieldErrors): result is CheckedCard {
  return 'card' in result;
}

function parseExpiry(text: string, nowMs: number): { expMonth: number; expYear: number } | null {
  const parts = /^(\d{1,2})\s*\/?\s*(?:20)?(\d{2})$/.exec(text);
  const expMonth = Number(parts?.[1]);
  const expYear = 2000 + Number(parts?.[2]);
  if (!parts || expMonth < 1 || expMonth > 12) return null;
  return Date.UTC(expYear, expMonth) > nowMs ? { expMonth, expYear } : null;
}
