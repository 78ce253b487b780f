import { eventIdFor } from '../../core/derive.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Event } from '../../db/outbox.ts';
import type { EventContext } from '../context.ts';
import type { EventType } from './event-types.ts';

export interface EventInput {
  readonly type: EventType;
  /** What the event is a fact about: with the type it makes the event's id, so that a fact reported twice is one event. */
  readonly subject: string;
  readonly paymentId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * An event with the exact body that every delivery sends. Writes nothing: the caller puts it into the batch of the change
 * that it is about (`outboxStatements` in db/outbox.ts).
 */
export async function composeEvent(context: EventContext, input: EventInput): Promise<Event> {
  const { type, paymentId, data } = input;
  const workspaceId = context.workspace.id;
  const id = await eventIdFor(context.shard, workspaceId, type, input.subject);
  const now = context.now();
  const body = JSON.stringify({ id, type, created_at: toRfc3339(now), tenant_id: workspaceId, data });
  return { id, workspaceId, type, paymentId, body, createdAt: now };
}
