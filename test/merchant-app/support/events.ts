import { deliveryIdFor } from '../../../src/core/derive.ts';
import { newEventId } from '../../../src/core/ids.ts';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import { deliveries, events } from '../../../src/db/schema.ts';
import type { EventType } from '../../../src/domain/webhooks/event-types.ts';
import { directory } from './team.ts';

/** Rows of one insert: D1 takes 100 values. */
const AT_ONCE = 10;

interface Seed {
  readonly type?: EventType;
  readonly paymentId?: number;
  /** Unix ms of the first; each is a millisecond after the one before. */
  readonly at?: number;
}

/** Events written straight into the database of the first shard, oldest first. Returns their ids. */
export async function seedEvents(workspaceId: string, count: number, about: Seed = {}): Promise<string[]> {
  const { type = 'payments.payment.succeeded', paymentId = null, at = Date.now() - 60_000 } = about;
  const rows = Array.from({ length: count }, (_, index) => {
    const id = newEventId('0');
    const data = { ...(paymentId !== null && { payment_id: paymentId }), amount_cents: 5000, currency: 'GBP' };
    const body = { id, type, created_at: toRfc3339(at + index), tenant_id: workspaceId, data };
    return { id, workspaceId, type, paymentId, body: JSON.stringify(body), createdAt: at + index };
  });
  for (let start = 0; start < count; start += AT_ONCE) {
    await directory.insert(events).values(rows.slice(start, start + AT_ONCE));
  }
  return rows.map(({ id }) => id);
}

/** A failed delivery of each event to the endpoint. Returns their ids. */
export async function seedFailed(
  workspaceId: string,
  endpointId: string,
  eventIds: readonly string[],
): Promise<string[]> {
  const now = Date.now();
  const attempt = { number: 1, at: now, statusCode: 500, durationMs: 20, error: null, responseBody: 'Broken' };
  const rows = eventIds.map((eventId, index) => ({
    id: deliveryIdFor(eventId, endpointId),
    workspaceId,
    eventId,
    endpointId,
    status: 'failed' as const,
    attemptCount: 1,
    attempts: [attempt],
    attemptsBefore: 0,
    createdAt: now - 60_000 + index,
    updatedAt: now,
  }));
  for (const row of rows) await directory.insert(deliveries).values(row);
  return rows.map(({ id }) => id);
}
