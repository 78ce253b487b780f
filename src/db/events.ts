import { and, eq, inArray, isNotNull, lte } from 'drizzle-orm';
import type { Database } from './client.ts';
import { deliveries, deliveryAttempts, events, webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

export type Event = typeof events.$inferSelect;
export type Delivery = typeof deliveries.$inferSelect;
export type DeliveryAttempt = typeof deliveryAttempts.$inferSelect;

/** D1 binds at most 100 values in a statement, and a delivery has ten. */
const DELIVERIES_PER_STATEMENT = 10;

/** The outbox: an event and its deliveries, for the batch of the change they tell of. Told twice, nothing is added. */
export function outboxStatements(database: Database, event: Event, pending: readonly Delivery[]) {
  const insertEvent = database.insert(events).values(event).onConflictDoNothing();
  const parts = Math.ceil(pending.length / DELIVERIES_PER_STATEMENT);
  const insertDeliveries = Array.from({ length: parts }, (_, part) =>
    database
      .insert(deliveries)
      .values(pending.slice(part * DELIVERIES_PER_STATEMENT, (part + 1) * DELIVERIES_PER_STATEMENT))
      .onConflictDoNothing(),
  );
  return [insertEvent, ...insertDeliveries];
}

/** A delivery with all its attempt needs. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  readonly body: string;
  readonly endpoint: WebhookEndpoint | null;
}

/**
 * Claims the deliveries among `ids` that are pending and due, and reads what they need, in one round trip. A delivery
 * that another run holds, or that is not due yet, is not returned: its own message or the sweep will come.
 */
export async function claimDeliveries(
  database: Database,
  ids: readonly string[],
  lease: { readonly claim: string; readonly dueBy: number; readonly until: number },
): Promise<ClaimedDelivery[]> {
  const [, claimed, endpoints] = await database.batch([
    database
      .update(deliveries)
      .set({ claim: lease.claim, nextAttemptAt: lease.until })
      .where(
        and(
          inArray(deliveries.id, [...ids]),
          eq(deliveries.status, 'pending'),
          isNotNull(deliveries.nextAttemptAt),
          lte(deliveries.nextAttemptAt, lease.dueBy),
        ),
      ),
    database
      .select({ delivery: deliveries, body: events.body })
      .from(deliveries)
      .innerJoin(events, eq(events.id, deliveries.eventId))
      .where(and(inArray(deliveries.id, [...ids]), eq(deliveries.claim, lease.claim))),
    database
      .select()
      .from(webhookEndpoints)
      .where(
        inArray(
          webhookEndpoints.id,
          database
            .select({ id: deliveries.endpointId })
            .from(deliveries)
            .where(and(inArray(deliveries.id, [...ids]), eq(deliveries.claim, lease.claim))),
        ),
      ),
  ]);
  const byId = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
  return claimed.map((row) => ({ ...row, endpoint: byId.get(row.delivery.endpointId) ?? null }));
}

/** Records one attempt and what became of its delivery, as statements for the batch of a whole run. */
export function attemptStatements(
  database: Database,
  delivery: Delivery,
  attempt: DeliveryAttempt,
  outcome: Pick<Delivery, 'status' | 'nextAttemptAt'>,
) {
  return [
    database
      .update(deliveries)
      .set({ ...outcome, attemptCount: attempt.number, claim: null, updatedAt: attempt.at })
      .where(and(eq(deliveries.id, delivery.id), eq(deliveries.workspaceId, delivery.workspaceId))),
    database.insert(deliveryAttempts).values(attempt).onConflictDoNothing(),
  ] as const;
}

/** Ends a delivery without an attempt: its endpoint is gone or takes no events. */
export function abandonDeliveryStatement(database: Database, delivery: Delivery, now: number) {
  return database
    .update(deliveries)
    .set({ status: 'failed', nextAttemptAt: null, claim: null, updatedAt: now })
    .where(and(eq(deliveries.id, delivery.id), eq(deliveries.workspaceId, delivery.workspaceId)));
}

/** Pending deliveries that should have been attempted before `dueBy`, across workspaces: the sweep's own question. */
export async function listOverdueDeliveryIds(database: Database, dueBy: number, limit: number): Promise<string[]> {
  const rows = await database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(isNotNull(deliveries.nextAttemptAt), lte(deliveries.nextAttemptAt, dueBy)))
    .orderBy(deliveries.nextAttemptAt)
    .limit(limit);
  return rows.map((row) => row.id);
}

/** How many of these deliveries have arrived. */
export async function countDelivered(database: Database, workspaceId: string, ids: readonly string[]): Promise<number> {
  const rows = await database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        inArray(deliveries.id, [...ids]),
        eq(deliveries.workspaceId, workspaceId),
        eq(deliveries.status, 'succeeded'),
      ),
    );
  return rows.length;
}
