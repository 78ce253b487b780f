import { deliveryIdFor, eventIdFor } from '../../core/ids.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Delivery, Event } from '../../db/events.ts';
import { isSubscribed, type WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import type { EventContext } from '../context.ts';
import type { WebhookPingData } from './event-schemas.ts';
import type { EventType } from './event-types.ts';

export interface EventInput {
  readonly type: EventType;
  /** What the event is a fact about: with the type it makes the event's id, so that a fact told twice is one event. */
  readonly subject: string;
  readonly paymentId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ComposedEvent {
  readonly event: Event;
  /** One for each subscribed endpoint, enabled or not: the batch writes those of the enabled ones. */
  readonly deliveries: readonly Delivery[];
  /** Those of the endpoints that were enabled when they were read. */
  readonly toWake: readonly string[];
}

/** The deliveries of events, for waking them. */
export function deliveryIdsOf(told: readonly ComposedEvent[]): string[] {
  return told.flatMap(({ toWake }) => toWake);
}

/**
 * An event with the exact body that every delivery sends, and one delivery per subscribed endpoint. `endpoints`: all of the
 * workspace. Writes nothing: the caller puts it into the batch of the change it tells of.
 */
export async function composeEvent(
  context: EventContext,
  endpoints: readonly WebhookEndpoint[],
  input: EventInput,
): Promise<ComposedEvent> {
  const id = await eventIdFor(context.shard, context.workspace.id, input.type, input.subject);
  const event = eventOf(context, id, input);
  const subscribed = endpoints.filter((endpoint) => isSubscribed(endpoint, input.type));
  const enabled = subscribed.filter(({ status }) => status === 'enabled');
  return {
    event,
    deliveries: subscribed.map((endpoint) => deliveryOf(event, endpoint)),
    toWake: enabled.map((endpoint) => deliveryIdFor(event.id, endpoint.id)),
  };
}

/**
 * A ping: an event that tells nothing but that it arrives, for one endpoint, whatever that is subscribed to. The same
 * operation always makes the same ping.
 */
export async function composePing(
  context: EventContext,
  endpoint: WebhookEndpoint,
  operationId: string,
): Promise<{ readonly event: Event; readonly delivery: Delivery }> {
  const type = 'webhook.ping';
  const data: WebhookPingData = { webhook_endpoint_id: endpoint.id };
  const id = await eventIdFor(context.shard, context.workspace.id, type, operationId);
  const event = eventOf(context, id, { type, paymentId: null, data });
  return { event, delivery: deliveryOf(event, endpoint) };
}

function eventOf(context: EventContext, id: string, input: Omit<EventInput, 'subject'>): Event {
  const now = context.now();
  const { type, paymentId, data } = input;
  const workspaceId = context.workspace.id;
  const body = JSON.stringify({ id, type, created_at: toRfc3339(now), tenant_id: workspaceId, data });
  return { id, workspaceId, type, paymentId, body, createdAt: now };
}

function deliveryOf(event: Event, endpoint: WebhookEndpoint): Delivery {
  return {
    id: deliveryIdFor(event.id, endpoint.id),
    workspaceId: event.workspaceId,
    eventId: event.id,
    endpointId: endpoint.id,
    status: 'pending',
    attemptCount: 0,
    nextAttemptAt: event.createdAt,
    claim: null,
    createdAt: event.createdAt,
    updatedAt: event.createdAt,
    restartedAt: null,
    attemptsBefore: 0,
  };
}
