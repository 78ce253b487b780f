import { paymentLinkTokenIn } from '../../core/ids.ts';
import type { Page, RowPageRequest } from '../../core/paging.ts';
import { findPaymentLink, listLinksByTitle, listPaymentLinks, type PaymentLink } from '../../db/payment-links.ts';
import type { Context } from '../context.ts';

/**
 * A page of this workspace's links, by what was typed into a search field. Nothing: all links, newest first. A token, or an
 * address that ends with one: the link that has it. All else: the links whose title begins with it, without regard to case, in the order
 * of their titles. A cursor belongs to the text that it was made for.
 */
export async function findLinks(
  { database, workspace }: Pick<Context, 'database' | 'workspace'>,
  typed: string,
  page: RowPageRequest,
): Promise<Page<PaymentLink>> {
  if (typed.trim() === '') return await listPaymentLinks(database, workspace.id, page);
  const token = paymentLinkTokenIn(typed);
  if (token === null) return await listLinksByTitle(database, workspace.id, typed, page);
  const link = await findPaymentLink(database, workspace.id, token);
  return { items: link ? [link] : [], nextCursor: null };
}
