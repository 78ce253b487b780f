import type { Page, PageRequest } from '../../core/paging.ts';
import { type CompletedPayment, listPayments, type PaymentFilter } from '../../db/payment-lists.ts';
import type { Context } from '../context.ts';

/** The workspace's payments that pass the filter, newest first. A link that is not the workspace's has none. */
export async function listWorkspacePayments(
  context: Context,
  filter: PaymentFilter,
  request: PageRequest,
): Promise<Page<CompletedPayment>> {
  const oneMore = { ...request, limit: request.limit + 1 };
  const rows = await listPayments(context.database, context.workspace.id, filter, oneMore);
  const items = rows.slice(0, request.limit);
  return { items, hasMore: rows.length > request.limit, lastId: items.at(-1)?.id ?? null };
}
