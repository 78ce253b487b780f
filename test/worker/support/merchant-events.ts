import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import * as z from 'zod';
import { EVENT_DATA } from '../../../src/domain/webhooks/event-schemas.ts';
import type { EventType } from '../../../src/domain/webhooks/event-types.ts';
import { accountOf, rowsOf } from './api.ts';
import { countingD1, failingD1 } from './counting.ts';
import { attempt } from './deliveries.ts';
import { type BindingChanges, fetchWith, losingQueue } from './direct.ts';
import { OPENAPI } from './documented.ts';
import { heldEvents, openSession, requestOf } from './payments.ts';
import { control, pay, type SignedEvent, sinkRequests, stripeSessions } from './simulator.ts';
import type { TestWorkspace } from './workspace.ts';

const envelope = z.strictObject({
  id: z.string().regex(/^evt_[01][0-9a-f]{32}$/),
  type: z.string(),
  created_at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  tenant_id: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type MerchantEvent = z.output<typeof envelope>;

function isEventType(type: string): type is EventType {
  return type in EVENT_DATA;
}

/** An event's body, after it was found to be what is published: the envelope, a known type, and exactly its data. */
export function expectEvent(body: unknown): MerchantEvent {
  const event = envelope.parse(JSON.parse(String(body)));
  if (!isEventType(event.type)) throw new Error(`${event.type} is no event type`);
  const shape = EVENT_DATA[event.type];
  shape.parse(event.data);
  expect(Object.keys(event.data).sort()).toEqual(Object.keys(shape.def.shape).sort());
  return event;
}

/** The same of several bodies, each held to the webhook of its type in the OpenAPI document. */
async function expectEvents(bodies: readonly unknown[]): Promise<MerchantEvent[]> {
  const events = bodies.map(expectEvent);
  for (const event of events) expect(await webhookFaultsOf(event), event.type).toEqual([]);
  return events;
}

async function webhookFaultsOf(event: MerchantEvent): Promise<string[]> {
  const body = OPENAPI.part('/webhooks', event.type, 'post', 'requestBody', 'content', 'application/json', 'schema');
  return body ? await OPENAPI.faultsOf(body.pointer, event, 'closed') : ['the document has no webhook of this type'];
}

/** The events of a workspace, oldest first; of all types, or of some. Each is what is published, and of this workspace. */
export async function eventsOf(shop: TestWorkspace, ...types: string[]): Promise<MerchantEvent[]> {
  const rows = await rowsOf('events', shop.workspace.id);
  const events = await expectEvents(rows.map(({ body }) => body));
  for (const event of events) expect(event.tenant_id).toBe(shop.workspace.id);
  return events.filter(({ type }) => types.length === 0 || types.includes(type));
}

/** The types of a workspace's events, oldest first. */
export async function eventTypesOf(shop: TestWorkspace): Promise<string[]> {
  return (await eventsOf(shop)).map(({ type }) => type);
}

/** The deliveries of the events of a type. */
export async function deliveriesOf(shop: TestWorkspace, type: string): Promise<Record<string, unknown>[]> {
  const ids = (await eventsOf(shop, type)).map(({ id }) => id);
  return (await rowsOf('deliveries', shop.workspace.id)).filter((row) => ids.includes(String(row.event_id)));
}

/** Sends Stripe's events; every wake-up call is lost, so that nothing is delivered behind the test's back. */
export async function sendQuietly(events: readonly SignedEvent[], changes: BindingChanges = {}): Promise<number[]> {
  const statuses: number[] = [];
  for (const event of events) {
    const response = await fetchWith({ DELIVERIES: losingQueue(), ...changes }, requestOf(event));
    statuses.push(response.status);
    await response.body?.cancel();
  }
  return statuses;
}

/** Delivers all that waits, and answers what has arrived at the workspace's sink. */
export async function deliverAll(shop: TestWorkspace): Promise<MerchantEvent[]> {
  const pending = (await rowsOf('deliveries', shop.workspace.id)).filter(({ status }) => status === 'pending');
  for (const { id } of pending) await attempt([String(id)]);
  return await expectEvents((await sinkRequests(shop.sink)).map(({ body }) => body));
}

/** How many round trips to the database it takes to take these events. */
export async function roundTripsOf(events: readonly SignedEvent[]): Promise<number> {
  const database = countingD1(env);
  await sendQuietly(events, database.bindings);
  return database.counts.roundTrips;
}

/** The events, each sent again until it is taken, with the `nth` round trip of all failing. */
export async function sendThroughOutage(
  events: readonly SignedEvent[],
  nth: number,
  when: 'before' | 'after',
): Promise<boolean> {
  const bindings = failingD1(env, nth, when);
  let failed = false;
  for (const event of events) {
    for (;;) {
      const [status] = await sendQuietly([event], bindings);
      if (status === 200) break;
      expect(status).toBe(503);
      failed = true;
    }
  }
  return failed;
}

/** A session that is paid and settled. */
export async function settledSession(shop: TestWorkspace, extra: Record<string, unknown> = {}) {
  const session = await openSession(shop, { reference: '1042', ...extra });
  await pay(session.stripe_session_id, 'paid', 'ann@example.com');
  await sendQuietly(await heldEvents(shop));
  return { id: session.id, intent: await intentOf(shop, session.stripe_session_id) };
}

export async function intentOf(shop: TestWorkspace, stripeSessionId: string): Promise<string> {
  const sessions = await stripeSessions(accountOf(shop.account));
  return String(sessions.find((session) => session.id === stripeSessionId)?.payment_intent);
}

/** What Stripe made of something, by its id. */
export async function madeAtStripe(path: string, body: Record<string, unknown>): Promise<string> {
  const made = z.object({ id: z.string() }).parse(await control('POST', path, body));
  return made.id;
}
