import { parseRowCursor } from '../../core/paging.ts';
import { type CompletedPayment, listPayments, type PaymentFilter } from '../../db/payment-lists.ts';
import type { Payment } from '../../db/payments.ts';
import type { Context } from '../context.ts';

/**
 * How many payments are read at once. Cloudflare allows 1,000 queries in a request, so that a million payments take 800. With the
 * longest metadata (20 KB) they take about 25 MB of the 128 MB that a Worker has.
 */
export const EXPORTED_AT_ONCE = 1250;

/**
 * All payments of the workspace that pass the filter, newest first, page by page. A page is read only when it is asked for,
 * and costs one query; it can be empty, and the first one always comes. A payment that is made meanwhile is not included.
 */
export async function* exportPayments(
  { database, workspace, shard }: Context,
  filter: PaymentFilter,
): AsyncGenerator<readonly CompletedPayment[], void> {
  const owner = { workspaceId: workspace.id, shard };
  let cursor: string | null = null;
  do {
    const before: number | null = cursor === null ? null : parseRowCursor(cursor);
    const page = await listPayments(database, owner, filter, { limit: EXPORTED_AT_ONCE, offset: 0, before });
    yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** When a payment succeeded, unix ms. null: it has not, or it was stored before such times were. */
export function paidAtOf({ history }: Pick<Payment, 'history'>): number | null {
  return history.find(({ status }) => status === 'succeeded')?.at ?? null;
}
