import { formatMoney } from '../../core/money/money.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { RefundWanted } from '../../domain/payments/refund-payment.ts';
import { leftOf } from '../../domain/payments/refundable.ts';
import { refundBody } from '../../http/api/payments/requests.ts';
import { parseTypedAmount, typedAmountText } from '../../http/buyer/amount-input.ts';
import { formIdIn } from '../form.ts';
import type { Language } from '../language.ts';
import { localeIn, tagOf } from '../time.ts';
import { refundTexts } from './refund-texts.ts';

/** The choices of the reason: Stripe's own, and the merchant's own words. '': no reason. */
export const REASONS = ['', 'requested_by_customer', 'duplicate', 'fraudulent', 'own'] as const;

/** What stands in the form. `note`: the reason in the merchant's own words. */
export interface RefundValues {
  readonly amount: string;
  readonly reason: (typeof REASONS)[number];
  readonly note: string;
}

/** Why fields were refused, in the reader's language. */
export interface RefundFaults {
  readonly amount?: string;
  readonly note?: string;
}

/** A form that was sent. `id` null: it has no id. `wanted` null: the fields have faults. */
export interface SentRefund {
  readonly id: string | null;
  readonly values: RefundValues;
  readonly wanted: (RefundWanted & { readonly amountMinor: number }) | null;
  readonly faults: RefundFaults;
}

/** The form for all that is left of a payment, as the reader writes it. */
export function fullRefund(payment: PaymentView, language: Language): RefundValues {
  return { amount: typedAmountText(leftOf(payment), localeIn(language), payment.currency), reason: '', note: '' };
}

/** Reads the form. How much is left is not checked here: the same form may have refunded it already. */
export function readRefund(form: URLSearchParams, payment: PaymentView, language: Language): SentRefund {
  const chosen = form.get('reason');
  const values = {
    amount: (form.get('amount') ?? '').trim(),
    reason: REASONS.find((one) => one === chosen) ?? '',
    note: (form.get('note') ?? '').trim(),
  };
  const typed = parseTypedAmount(values.amount, localeIn(language), payment.currency);
  const body = {
    amount_cents: typed.ok ? typed.amountMinor : 0,
    reason: values.reason === 'own' ? values.note : values.reason,
  };
  const parsed = refundBody.safeParse(body);
  const sent = { id: formIdIn(form), values };
  if (parsed.success) {
    return { ...sent, wanted: { ...parsed.data, amountMinor: body.amount_cents }, faults: {} };
  }
  const texts = refundTexts[language].faults;
  const isFaulty = (member: string) => parsed.error.issues.some(({ path }) => path[0] === member);
  const amount = values.amount === '' ? texts.empty : amountFault(payment, language, body.amount_cents);
  return {
    ...sent,
    wanted: null,
    faults: { ...(isFaulty('amount_cents') && { amount }), ...(isFaulty('reason') && { note: texts.note }) },
  };
}

/** Why this amount (minor units; 0: none could be read) of the payment is not refunded. */
export function amountFault(payment: PaymentView, language: Language, amountMinor: number): string {
  const texts = refundTexts[language].faults;
  const left = leftOf(payment);
  if (amountMinor === 0) return texts.unreadable(fullRefund(payment, language).amount);
  if (amountMinor <= left) return texts.refused;
  return texts.tooMuch(formatMoney({ amountMinor: left, currency: payment.currency }, tagOf(language)));
}
