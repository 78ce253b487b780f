import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { isPayment } from './payment-lists.ts';
import { disputes, paymentLinks, payments, webhookEndpoints } from './schema.ts';

const endpointHealth = {
  id: webhookEndpoints.id,
  url: webhookEndpoints.url,
  status: webhookEndpoints.status,
  disabledReason: webhookEndpoints.disabledReason,
  failingSince: webhookEndpoints.failingSince,
};

const disputeToAnswer = {
  id: disputes.id,
  paymentId: disputes.paymentId,
  amountMinor: disputes.amountMinor,
  currency: disputes.currency,
  reason: disputes.reason,
  createdAt: disputes.createdAt,
};

/**
 * A workspace's webhook endpoints, its disputes that wait for the merchant's answer (the oldest first, `limit` at most), and whether it
 * has payment links and payments that succeeded. Reads as many rows however many links and payments there are. One round trip.
 */
export async function readAttentionRows(database: Database, workspaceId: string, limit: number) {
  const [endpoints, disputesToAnswer, links, paid] = await database.batch([
    database
      .select(endpointHealth)
      .from(webhookEndpoints)
      .where(eq(webhookEndpoints.workspaceId, workspaceId))
      .orderBy(asc(webhookEndpoints.createdAt), asc(webhookEndpoints.id)),
    database
      .select(disputeToAnswer)
      .from(disputes)
      // Literally as in the index.
      .where(sql`${disputes.workspaceId} = ${workspaceId} AND status IN ('needs_response', 'warning_needs_response')`)
      .orderBy(asc(disputes.id))
      .limit(limit),
    database
      .select({ id: paymentLinks.id })
      .from(paymentLinks)
      .where(eq(paymentLinks.workspaceId, workspaceId))
      .limit(1),
    database
      .select({ id: payments.id })
      .from(payments)
      // With the condition of the index of payments, which has the status.
      .where(sql`${payments.workspaceId} = ${workspaceId} AND ${isPayment} AND status = 'succeeded'`)
      .limit(1),
  ]);
  return { endpoints, disputesToAnswer, hasLinks: links.length > 0, hasPaid: paid.length > 0 };
}

type AttentionRows = Awaited<ReturnType<typeof readAttentionRows>>;

/** An endpoint without its secrets. */
export type EndpointHealth = AttentionRows['endpoints'][number];
export type DisputeToAnswer = AttentionRows['disputesToAnswer'][number];
