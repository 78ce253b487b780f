import { canonicalEmail, readEmail } from '../../core/email.ts';
import type { Page, RowPageRequest } from '../../core/paging.ts';
import { type CompletedPayment, listPayments, type PaymentFilter } from '../../db/payment-lists.ts';
import type { Context } from '../context.ts';

/** What a typed text can name: a payment's id, its reference, or the buyer's e-mail address. */
export type PaymentSearch =
  | { readonly id: number }
  | { readonly reference: string }
  | { readonly customerEmail: string };

/**
 * The filters that a text typed into a search field can mean, the likeliest first. Digits are a payment's id, also in groups as
 * on a receipt. A merchant's references can look like an id or an e-mail address, so a reference is always among them.
 */
export function paymentSearchesOf(typed: string): readonly [PaymentSearch, ...PaymentSearch[]] {
  const text = typed.trim();
  const byReference = { reference: text };
  const id = /^[1-9][\d\s]*$/.test(text) ? Number(text.replaceAll(/\s/g, '')) : Number.NaN;
  if (Number.isSafeInteger(id)) return [{ id }, byReference];
  if (readEmail(text) !== null) return [{ customerEmail: canonicalEmail(text) }, byReference];
  return [byReference];
}

/** A page of payments, and what the typed text was taken for. null: nothing was typed. */
export interface FoundPayments extends Page<CompletedPayment> {
  readonly meant: PaymentSearch | null;
}

/** The filters that a list has beside its search field. */
type OtherFilters = Omit<PaymentFilter, 'id' | 'reference' | 'customerEmail'>;

/**
 * A page of this workspace's payments, newest first, by what was typed into a search field: the whole id, the whole e-mail address in any
 * case, or the whole reference. The first of these that finds payments counts, else the reference. Nothing typed: all payments that
 * pass `filter`. One round trip, or two where the first meaning finds nothing.
 */
export async function findPayments(
  { database, workspace, shard }: Pick<Context, 'database' | 'workspace' | 'shard'>,
  typed: string,
  filter: OtherFilters,
  page: RowPageRequest,
): Promise<FoundPayments> {
  const owner = { workspaceId: workspace.id, shard };
  const all = { ...filter, id: null, reference: null, customerEmail: null };
  if (typed.trim() === '') return { ...(await listPayments(database, owner, all, page)), meant: null };
  const [first, ...others] = paymentSearchesOf(typed);
  let found = { ...(await listPayments(database, owner, { ...all, ...first }, page)), meant: first };
  for (const meant of others) {
    if (found.items.length > 0 || found.nextCursor !== null) break;
    found = { ...(await listPayments(database, owner, { ...all, ...meant }, page)), meant };
  }
  return found;
}

/**
 * The filter that has all payments of which `findPayments` returns pages, for the same text and filter. One round trip where
 * the text can mean several things, else none.
 */
export async function filterOfSearch(
  { database, workspace, shard }: Pick<Context, 'database' | 'workspace' | 'shard'>,
  typed: string,
  filter: OtherFilters,
): Promise<PaymentFilter> {
  const all = { ...filter, id: null, reference: null, customerEmail: null };
  if (typed.trim() === '') return all;
  const searches = paymentSearchesOf(typed);
  const newest = { limit: 1, offset: 0, before: null };
  for (const search of searches.slice(0, -1)) {
    const found = await listPayments(database, { workspaceId: workspace.id, shard }, { ...all, ...search }, newest);
    if (found.items.length > 0 || found.nextCursor !== null) return { ...all, ...search };
  }
  return { ...all, ...searches.at(-1) };
}
