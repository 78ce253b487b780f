import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type PaymentLink, paidCountIn, paidCountStatement } from './payment-links.ts';
import type { Payment } from './payments.ts';
import { payments } from './schema.ts';

/**
 * The sessions of a payment link that may still be paid, the oldest first: at most `limit`, with row ids above `after`. And
 * how many of the link's payments have succeeded at the same moment.
 */
export async function listOpenSessions(
  database: Database,
  { workspaceId, id: paymentLinkId }: Pick<PaymentLink, 'workspaceId' | 'id'>,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<{ readonly open: readonly Pick<Payment, 'id' | 'operationId'>[]; readonly paidCount: number }> {
  const { id, operationId } = payments;
  const [open, count] = await database.batch([
    database
      .select({ id, operationId })
      .from(payments)
      .where(
        and(
          eq(payments.paymentLinkId, paymentLinkId),
          eq(payments.workspaceId, workspaceId),
          gt(id, after),
          // Literally as in the index `payments_open_of_link`.
          sql`${payments.status} IN ('created', 'processing')`,
        ),
      )
      .orderBy(asc(id))
      .limit(limit),
    paidCountStatement(database, paymentLinkId),
  ]);
  return { open, paidCount: paidCountIn(count) ?? 0 };
}

/**
 * The statuses of the sessions of these operations of a payment link, and how many of the link's payments have succeeded at
 * the same moment. Operations without a stored session are left out.
 */
export async function listStatuses(
  database: Database,
  link: Pick<PaymentLink, 'workspaceId' | 'id'>,
  operationIds: readonly string[],
): Promise<{ readonly sessions: readonly Pick<Payment, 'operationId' | 'status'>[]; readonly paidCount: number }> {
  const { operationId, status, workspaceId } = payments;
  const [sessions, count] = await database.batch([
    database
      .select({ operationId, status })
      .from(payments)
      .where(and(inArray(operationId, [...operationIds]), eq(workspaceId, link.workspaceId))),
    paidCountStatement(database, link.id),
  ]);
  return { sessions, paidCount: paidCountIn(count) ?? 0 };
}
