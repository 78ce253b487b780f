import { parsePaymentLinkToken } from '../../core/ids.ts';
import { parseRowCursor } from '../../core/paging.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { type PaymentFilter, SHOWN_PAYMENT_STATUSES } from '../../db/payment-lists.ts';
import type { PaymentSearch } from '../../domain/payments/find-payments.ts';
import { readLocalTime } from '../local-time.ts';
import type { Clock } from '../time.ts';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_MS = 24 * 60 * 60 * 1000;

/** How many links the filter offers, the newest ones. The page of each link leads to its payments too. */
export const OFFERED_LINKS = 50;

/** What the list of payments is asked for. */
export interface AskedPayments {
  /** What was typed into the search field. '': nothing. */
  readonly search: string;
  readonly status: PaymentFilter['status'];
  /** The token of a payment link. null: payments of every link, and of none. */
  readonly link: string | null;
  /** The first and the last day, such as "2026-11-30". '': no limit on this side. */
  readonly from: string;
  readonly to: string;
  /** When the first day begins and the last one ends on the reader's clock, unix ms. */
  readonly after: number | null;
  readonly before: number | null;
  /** After which payment the page begins. null: it is the first page. */
  readonly cursor: number | null;
}

/** Reads the query of the list. What cannot be read counts as not asked. */
export function askedPayments(query: Readonly<Record<string, string>>, { timeZone }: Clock): AskedPayments {
  const { q = '', status, link = '', from = '', to = '', cursor = '' } = query;
  const after = readLocalTime(`${from}T00:00`, timeZone);
  const before = readLocalTime(`${dayAfter(to)}T00:00`, timeZone);
  return {
    search: q.trim(),
    status: SHOWN_PAYMENT_STATUSES.find((one) => one === status) ?? null,
    link: parsePaymentLinkToken(link) === null ? null : link,
    from: after === null ? '' : from,
    to: before === null ? '' : to,
    after,
    before,
    cursor: parseRowCursor(cursor),
  };
}

/** '': the text is no day. */
function dayAfter(day: string): string {
  const at = DAY.test(day) ? Date.parse(`${day}T00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? '' : new Date(at + DAY_MS).toISOString().slice(0, 10);
}

/** True where not all payments are asked for. */
export function isFiltered({ search, status, link, from, to }: AskedPayments): boolean {
  return search !== '' || status !== null || link !== null || from !== '' || to !== '';
}

/** The same filters as a query, with what stands behind the path. '': there are none. `cursor`: that of another page. */
export function queryOf({ search, status, link, from, to }: AskedPayments, cursor: string | null = null): string {
  const query = new URLSearchParams({
    ...(search && { q: search }),
    ...(status && { status }),
    ...(link && { link }),
    ...(from && { from }),
    ...(to && { to }),
    ...(cursor && { cursor }),
  });
  return query.size === 0 ? '' : `?${query}`;
}

/** The path in the API that answers with the same payments. `meant`: what the search was taken for. null: nothing is searched for. */
export function apiPathOf({ status, link, after, before }: AskedPayments, meant: PaymentSearch | null): string {
  if (meant && 'id' in meant) return `/payments/${meant.id}`;
  const query = new URLSearchParams({
    ...(meant && 'reference' in meant && { reference: meant.reference }),
    ...(meant && 'customerEmail' in meant && { customer_email: meant.customerEmail }),
    ...(status && { status }),
    ...(link && { payment_link: link }),
    ...(after !== null && { created_after: toRfc3339(after) }),
    ...(before !== null && { created_before: toRfc3339(before) }),
  });
  return query.size === 0 ? '/payments' : `/payments?${query}`;
}
