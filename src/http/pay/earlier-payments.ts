import type { Context } from 'hono';
import type { PaymentView } from '../../db/payments.ts';
import { shownStatus } from '../../domain/payments/queries.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { askedLanguage } from '../buyer/locale.ts';
import { paidOfVisitor, sessionOfVisitor } from './form-cookie.ts';
import type { LoadedLink, PageEnv } from './load-link.ts';

/** What the cookies of this browser say about earlier payments of a link. Anything but a payment of it is ignored. */
export interface EarlierPayments {
  /** The last session that the buyer was sent to, if it is open, expired or failed. null: there is none. */
  readonly unpaid: PaymentView | null;
  /** The last payment that is paid or processing, refunded or not. null: there is none. */
  readonly paid: PaymentView | null;
}

/** What the page says to a buyer who comes to the link again after a payment, and the address of that payment's page. */
export interface PaidNotice {
  readonly status: 'already_paid' | 'processing';
  readonly url: string;
}

/** The Stripe sessions that the cookies of this browser name, for `loadLink`. */
export function sessionsOfVisitor(c: Context<PageEnv>): string[] {
  return [sessionOfVisitor(c)?.id ?? null, paidOfVisitor(c)].filter((id) => id !== null);
}

/** Finds the earlier payments of this browser among `payments`, which were read by `sessionsOfVisitor`. */
export function earlierPayments(c: Context<PageEnv>, { payments }: Pick<LoadedLink, 'payments'>): EarlierPayments {
  const find = (id: string | null) => payments.find(({ stripeSessionId }) => stripeSessionId === id) ?? null;
  const last = find(sessionOfVisitor(c)?.id ?? null);
  if (last !== null && isPaidOrProcessing(last)) return { unpaid: null, paid: last };
  const paid = find(paidOfVisitor(c));
  return { unpaid: last, paid: paid !== null && isPaidOrProcessing(paid) ? paid : null };
}

/** True if a buyer must not pay this session again: it is paid, or the bank still processes it. */
export function isPaidOrProcessing({ status }: PaymentView): boolean {
  return status === 'succeeded' || status === 'processing';
}

/** The notice for a buyer who has paid. null: there is no payment, or all of it was refunded. */
export function paidNotice(c: Context<PageEnv>, token: string, { paid }: EarlierPayments): PaidNotice | null {
  if (paid === null) return null;
  const status = shownStatus(paid);
  if (status === 'refunded') return null;
  return { status: status === 'processing' ? 'processing' : 'already_paid', url: doneUrl(c, token, paid) };
}

/** The address of the page after Checkout of this payment, in the language of the request. */
export function doneUrl(c: Context<PageEnv>, token: string, { stripeSessionId }: PaymentView): string {
  return withQuery(pathsOf(token).done, { session_id: stripeSessionId, ...askedLanguage(c) });
}
