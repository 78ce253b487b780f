import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { ApiKey } from './api-keys.ts';
import type { Database } from './client.ts';
import { type Dispute, disputesOfPaymentStatement } from './disputes.ts';
import { type Delivery, type Event, isDeliveryOf } from './outbox.ts';
import type { PaymentLink } from './payment-links.ts';
import { type PaymentView, paymentView, toPaymentView } from './payments.ts';
import { type Refund, refundsOfPaymentStatement } from './refunds.ts';
import { apiKeys, deliveries, events, paymentLinks, payments, webhookEndpoints } from './schema.ts';

/** How many events of a payment are read, the latest ones, and how many deliveries of these. */
export const TIMELINE_EVENTS = 50;
export const TIMELINE_DELIVERIES = 500;

/** A delivery of a payment's event, without its attempts. `endpointUrl` null: the endpoint is deleted. */
export type TimelineDelivery = Pick<
  Delivery,
  'id' | 'endpointId' | 'status' | 'failureReason' | 'attemptCount' | 'nextAttemptAt' | 'updatedAt'
> & { readonly endpointUrl: string | null };

/** An event about a payment, without its body, and its deliveries by the ids of their endpoints. */
export type TimelineEvent = Pick<Event, 'id' | 'type' | 'createdAt'> & {
  readonly deliveries: readonly TimelineDelivery[];
};

/** What is stored about one payment. */
export interface TimelineRows {
  readonly payment: PaymentView;
  /** The secret key that made its session. null: a buyer did, or the session was found at Stripe. */
  readonly key: Pick<ApiKey, 'id' | 'name' | 'prefix' | 'last4'> | null;
  /** null: the payment is of no link. */
  readonly linkKind: PaymentLink['kind'] | null;
  /** Oldest first. */
  readonly refunds: readonly Refund[];
  /** Oldest first. */
  readonly disputes: readonly Dispute[];
  /** The latest 50 (`TIMELINE_EVENTS`), oldest first. */
  readonly events: readonly TimelineEvent[];
  /** True where older events are left out, or deliveries beyond `TIMELINE_DELIVERIES`, of the oldest events. */
  readonly isCut: boolean;
}

/**
 * A checkout session or payment of this workspace with all that is stored about it, in one round trip. Reads no more rows
 * in a workspace with more payments. null: this workspace has no such row.
 */
export async function readTimelineRows(
  database: Database,
  workspaceId: string,
  paymentId: number,
): Promise<TimelineRows | null> {
  const [[row], refunds, disputes, latest, sent] = await database.batch([
    paymentStatement(database, workspaceId, paymentId),
    refundsOfPaymentStatement(database, { id: paymentId, workspaceId }),
    disputesOfPaymentStatement(database, { id: paymentId, workspaceId }),
    latestEvents(database, workspaceId, paymentId, TIMELINE_EVENTS + 1),
    deliveriesStatement(database, workspaceId, paymentId),
  ]);
  if (!row) return null;
  const { keyId: id, keyName: name, prefix, last4, linkKind, ...view } = row;
  const hasKey = id !== null && name !== null && prefix !== null && last4 !== null;
  const deliveriesOf = Map.groupBy(sent.slice(0, TIMELINE_DELIVERIES), ({ eventId }) => eventId);
  const shown = latest.slice(0, TIMELINE_EVENTS).toReversed();
  return {
    payment: toPaymentView(view),
    key: hasKey ? { id, name, prefix, last4 } : null,
    linkKind,
    refunds,
    disputes,
    events: shown.map(({ place: _, ...event }) => ({
      ...event,
      deliveries: (deliveriesOf.get(event.id) ?? []).map(({ eventId: _, ...delivery }) => delivery),
    })),
    isCut: latest.length > TIMELINE_EVENTS || sent.length > TIMELINE_DELIVERIES,
  };
}

function paymentStatement(database: Database, workspaceId: string, id: number) {
  const { prefix, last4 } = apiKeys;
  // D1 answers a batch by the names of the columns, so no two may have the same.
  const keyId = sql<string | null>`${apiKeys.id}`.as('key_id');
  const keyName = sql<string | null>`${apiKeys.name}`.as('key_name');
  return database
    .select({ ...paymentView, linkKind: paymentLinks.kind, keyId, keyName, prefix, last4 })
    .from(payments)
    .leftJoin(paymentLinks, eq(paymentLinks.id, payments.paymentLinkId))
    .leftJoin(apiKeys, and(eq(apiKeys.id, payments.apiKeyId), eq(apiKeys.workspaceId, payments.workspaceId)))
    .where(and(eq(payments.id, id), eq(payments.workspaceId, workspaceId)))
    .limit(1);
}

/** The latest events of a payment. They are read by rowid, in whose order the index of a payment's events has them. */
function latestEvents(database: Database, workspaceId: string, paymentId: number, most: number) {
  const { id, type, createdAt } = events;
  return (
    database
      .select({ id, type, createdAt, place: sql<number>`${events}.rowid`.as('place') })
      .from(events)
      // With the "+" SQLite uses the index of a payment's events, not that of all events of the workspace.
      .where(and(eq(events.paymentId, paymentId), sql`+${events.workspaceId} = ${workspaceId}`))
      .orderBy(desc(sql`${events}.rowid`))
      .limit(most)
  );
}

/** The deliveries of these events. CROSS JOIN: the events first, then the range of each. */
function deliveriesStatement(database: Database, workspaceId: string, paymentId: number) {
  const latest = latestEvents(database, workspaceId, paymentId, TIMELINE_EVENTS).as('latest');
  const { id, eventId, endpointId, status, failureReason, attemptCount, nextAttemptAt, updatedAt } = deliveries;
  const shown = { id, eventId, endpointId, status, failureReason, attemptCount, nextAttemptAt, updatedAt };
  return database
    .select({ ...shown, endpointUrl: webhookEndpoints.url })
    .from(latest)
    .crossJoin(deliveries)
    .leftJoin(
      webhookEndpoints,
      and(eq(webhookEndpoints.id, endpointId), eq(webhookEndpoints.workspaceId, deliveries.workspaceId)),
    )
    .where(and(isDeliveryOf(id, latest.id), eq(deliveries.workspaceId, workspaceId)))
    .orderBy(desc(latest.place), asc(id))
    .limit(TIMELINE_DELIVERIES + 1);
}
