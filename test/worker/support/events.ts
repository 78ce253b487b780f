import { expect } from 'vitest';
import * as z from 'zod';
import { deliveryIdFor } from '../../../src/core/derive.ts';
import { toRfc3339 } from '../../../src/core/rfc3339.ts';
import type { EventType } from '../../../src/domain/webhooks/event-types.ts';
import { exampleEvent } from './documented.ts';
import type { TestWorkspace } from './workspace.ts';

export const envelope = z.strictObject({
  id: z.string().regex(/^evt_[01][0-9a-z]{20,32}$/),
  type: z.string(),
  created_at: z.string(),
  tenant_id: z.string(),
  data: z.record(z.string(), z.unknown()),
});

export interface SeededEvent {
  readonly id: string;
  readonly at: number;
}

/**
 * Events written straight into the database, oldest first, one a millisecond from `at` on unless `stepMs` says otherwise.
 * Their data is that of the document's example, with `data` over it.
 */
export async function seedEvents(
  shop: TestWorkspace,
  count: number,
  about: {
    readonly at?: number;
    readonly stepMs?: number;
    readonly type?: EventType;
    readonly paymentId?: number | null;
    readonly data?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<SeededEvent[]> {
  const { at = Date.now() - 60_000, stepMs = 1, type = 'payments.payment.succeeded', paymentId = null } = about;
  const workspaceId = shop.workspace.id;
  const insert = shop.binding.prepare(
    'INSERT INTO events (id, workspace_id, type, payment_id, body, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const seeded = Array.from({ length: count }, (_, index) => ({
    id: `evt_${shop.shard}${crypto.randomUUID().replaceAll('-', '')}`,
    at: at + index * stepMs,
  }));
  const example = exampleEvent(type).data;
  const ids = 'payment_id' in example && paymentId !== null ? { payment_id: paymentId } : {};
  for (let start = 0; start < count; start += 500) {
    const statements = seeded.slice(start, start + 500).map((event) => {
      const data = { ...example, ...ids, ...about.data };
      const body = { id: event.id, type, created_at: toRfc3339(event.at), tenant_id: workspaceId, data };
      return insert.bind(event.id, workspaceId, type, paymentId, JSON.stringify(body), event.at);
    });
    await shop.binding.batch(statements);
  }
  return seeded;
}

const page = z.strictObject({
  data: z.array(z.unknown()),
  meta: z.strictObject({
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
});

/** A page of a list, after its status was found to be 200 and its items to be of this shape. */
export async function expectPage<T extends z.ZodType>(item: T, response: Response) {
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const { data, meta } = page.parse(JSON.parse(text));
  return { data: data.map((one) => item.parse(one)), meta };
}

const moment = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

export const deliveryAnswer = z.strictObject({
  id: z.string().regex(/^dlv_[01][0-9a-z]+$/),
  event_id: z.string(),
  event_type: z.string().nullable(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  failure_reason: z.enum(['unsubscribed', 'endpoint_disabled', 'endpoint_deleted', 'event_deleted']).nullable(),
  attempts: z.array(
    z.strictObject({
      at: moment,
      status_code: z.int().nullable(),
      duration_ms: z.int(),
      error: z.string().nullable(),
      response_body: z.string().nullable(),
    }),
  ),
  next_attempt_at: moment.nullable(),
  created_at: moment,
});
export type DeliveryAnswer = z.output<typeof deliveryAnswer>;

/** The `data` of an answer, after its status and shape were found to be the expected ones. */
export async function expectData<T extends z.ZodType>(item: T, response: Response, status: number) {
  const text = await response.text();
  expect(response.status, text).toBe(status);
  return item.parse(z.strictObject({ data: z.unknown() }).parse(JSON.parse(text)).data);
}

/** The delivery of each event to an endpoint, written straight into the database. Answers their ids, in the events' order. */
export async function seedDeliveries(
  shop: TestWorkspace,
  endpointId: string,
  events: readonly SeededEvent[],
  row: {
    readonly status?: 'pending' | 'succeeded' | 'failed';
    readonly attempts?: number;
    readonly nextAt?: number;
    /** What the endpoint answered to each attempt. */
    readonly answer?: string;
  } = {},
): Promise<string[]> {
  const { status = 'failed', attempts = 1, nextAt = null, answer } = row;
  const insert = shop.binding.prepare(
    `INSERT INTO deliveries (id, workspace_id, event_id, endpoint_id, status, attempt_count, attempts, attempts_before, next_attempt_at, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)`,
  );
  const statements = events.map(({ id: eventId, at }) => {
    const id = deliveryIdFor(eventId, endpointId);
    const made = Array.from({ length: attempts }, (_, index) => ({
      ...{ number: index + 1, at: at + index * 1000, statusCode: 500, durationMs: 12, error: null },
      responseBody: answer ?? `answer ${index + 1}`,
    }));
    const kept = JSON.stringify(made.slice(-20));
    return insert.bind(id, shop.workspace.id, eventId, endpointId, status, attempts, kept, nextAt, at, at);
  });
  for (let start = 0; start < statements.length; start += 500)
    await shop.binding.batch(statements.slice(start, start + 500));
  return events.map(({ id }) => deliveryIdFor(id, endpointId));
}
