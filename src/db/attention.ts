import { asc, eq, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { disputes, paymentLinks, webhookEndpoints } from './schema.ts';

const endpointHealth = {
  id: webhookEndpoints.id,
  url: webhookEndpoints.url,
  status: webhookEndpoints.status,
  disabledReason: webhookEndpoints.disabledReason,
  disabledAt: webhookEndpoints.disabledAt,
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
 * How a workspace stands: its webhook endpoints, its disputes that wait for the merchant's answer, the oldest first and `limit` at most,
 * and whether it has payment links. Reads as many rows however many of them there are. One round trip.
 */
export async function readStanding(database: Database, workspaceId: string, limit: number) {
  const [endpoints, disputesToAnswer, links] = await database.batch([
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
  ]);
  return { endpoints, disputesToAnswer, hasLinks: links.length > 0 };
}

type Standing = Awaited<ReturnType<typeof readStanding>>;

/** An endpoint without its secrets. */
export type EndpointHealth = Standing['endpoints'][number];
export type DisputeToAnswer = Standing['disputesToAnswer'][number];
