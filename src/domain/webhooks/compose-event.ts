import { deliveryIdFor, eventIdFor } from '../../core/ids.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Delivery, Event } from '../../db/events.ts';
import { isSubscribed, type WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import type { Context } from '../context.ts';
import type { EventType } from './event-schemas.ts';

export interface EventInput {
  readonly type: EventType;
  /** What the event is a fact about: with the type it makes the event's id, so that a fact told twice is one event. */
  readonly subject: string;
  readonly paymentId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * An event with the exact body that every delivery sends, and one delivery per subscribed endpoint. Writes nothing: the
 * caller puts it into the batch of the change it tells of.
 */
export async function composeEvent(
  context: Context,
  endpoints: readonly WebhookEndpoint[],
  input: EventInput,
): Promise<{ event: Event; deliveries: Delivery[] }> {
  const now = context.now();
  const workspaceId = context.workspace.id;
  const id = await eventIdFor(context.shard, workspaceId, input.type, input.subject);
  const body = JSON.stringify({
    id,
    type: input.type,
    created_at: toRfc3339(now),
    tenant_id: workspaceId,
    data: input.data,
  });
  const subscribed = endpoints.filter((endpoint) => isSubscribed(endpoint, input.type));
  const deliveries = subscribed.map(
    async (endpoint): Promise<Delivery> => ({
      id: await deliveryIdFor(id, endpoint.id),
      workspaceId,
      eventId: id,
      endpointId: endpoint.id,
      status: 'pending',
      attemptCount: 0,
      nextAttemptAt: now,
      claim: null,
      createdAt: now,
      updatedAt: now,
    }),
  );
  return {
    event: { id, workspaceId, type: input.type, paymentId: input.paymentId, body, createdAt: now },
    deliveries: await Promise.all(deliveries),
  };
}
