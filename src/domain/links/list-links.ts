import type { Page, PageRequest } from '../../core/paging.ts';
import { listPaymentLinks, type PaymentLink } from '../../db/payment-links.ts';
import type { Context } from '../context.ts';

/** The workspace's links, newest first. By cursor every page costs the same; by offset the skipped rows are read too. */
export async function listLinks(context: Context, request: PageRequest): Promise<Page<PaymentLink>> {
  const rows = await listPaymentLinks(context.database, context.workspace.id, {
    before: request.before,
    offset: request.offset,
    limit: request.limit + 1,
  });
  const items = rows.slice(0, request.limit);
  return { items, hasMore: rows.length > request.limit, lastId: items.at(-1)?.id ?? null };
}
