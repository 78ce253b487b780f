import { env } from 'cloudflare:workers';
import * as z from 'zod';
import { boundShards } from '../../../src/core/shards.ts';
import { signEvent } from '../../stripe-simulator/event-signature.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, expectSession, type SessionAnswer } from './api.ts';
import { fetchWith, losingQueue } from './direct.ts';
import { rowsEverywhere } from './shards.ts';
import { pay, type SignedEvent, sendStripeEvent, takeStripeEvents } from './simulator.ts';
import { call, SESSION, type TestWorkspace } from './workspace.ts';

/** A checkout session made through the API. `extra` members are added to a body that stands by itself. */
export async function openSession(shop: TestWorkspace, extra: Record<string, unknown> = {}): Promise<SessionAnswer> {
  return await expectSession(await call(shop.key, 'POST', '/checkout-sessions', { ...SESSION, ...extra }));
}

/** The session as the API shows it now. */
export async function readSession(shop: TestWorkspace, id: number): Promise<SessionAnswer> {
  return await expectSession(await call(shop.key, 'GET', `/checkout-sessions/${id}`), 200);
}

const wireEvent = z.looseObject({
  id: z.string(),
  type: z.string(),
  created: z.number(),
  data: z.looseObject({ object: z.record(z.string(), z.unknown()) }),
});
export type WireEvent = z.output<typeof wireEvent>;

export function eventOf(signed: SignedEvent): WireEvent {
  return wireEvent.parse(JSON.parse(signed.body));
}

/** The held Stripe events of a workspace for the endpoint of its own mode, oldest first; of all types, or of some. */
export async function heldEvents(shop: TestWorkspace, ...types: string[]): Promise<SignedEvent[]> {
  const endpoint = SIMULATED.events[shop.mode === 'live' ? 'live' : 'test'].url;
  const held = await takeStripeEvents(accountOf(shop.account));
  return held.filter((event) => event.url === endpoint && (types.length === 0 || types.includes(eventOf(event).type)));
}

/** The one held event of a type. Throws where there is none, or more than one. */
export async function heldEvent(shop: TestWorkspace, type: string): Promise<SignedEvent> {
  const [event, ...more] = await heldEvents(shop, type);
  if (!event || more.length > 0) throw new Error(`Expected one ${type}, found ${event ? more.length + 1 : 0}`);
  return event;
}

/** A signature of Stripe's kind over a body. `at`: unix seconds, now by default. */
export async function signed(
  url: string,
  body: string,
  options: { secret?: string; at?: number } = {},
): Promise<SignedEvent> {
  const secret =
    options.secret ?? (url === SIMULATED.events.live.url ? SIMULATED.events.live.secret : SIMULATED.events.test.secret);
  const at = options.at ?? Math.floor(Date.now() / 1000);
  return { url, body, headers: { 'Stripe-Signature': await signEvent(secret, body, at) } };
}

/** The event with its content changed, signed again as Stripe would. */
export async function changed(event: SignedEvent, change: (content: WireEvent) => void): Promise<SignedEvent> {
  const content = eventOf(event);
  change(content);
  return await signed(event.url, JSON.stringify(content, null, 2));
}

export function requestOf(event: SignedEvent): Request {
  return new Request(event.url, { method: 'POST', headers: event.headers, body: event.body });
}

/** Sends Stripe's events one after the other; throws where the Worker does not answer 200. */
export async function sendAll(events: readonly SignedEvent[]): Promise<void> {
  for (const event of events) {
    const response = await sendStripeEvent(event);
    if (response.status !== 200) throw new Error(`The Worker answered ${response.status}: ${await response.text()}`);
  }
}

/** A paid session whose merchant event waits in the outbox: its wake-up call was lost. Answers the delivery ids. */
export async function paidQuietly(shop: TestWorkspace): Promise<{ session: SessionAnswer; deliveryIds: string[] }> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  const queue = losingQueue();
  const response = await fetchWith(
    { DELIVERIES: queue },
    requestOf(await heldEvent(shop, 'checkout.session.completed')),
  );
  if (response.status !== 200) throw new Error(`The Worker answered ${response.status}: ${await response.text()}`);
  return { session, deliveryIds: queue.sent.map((message) => message.deliveryId) };
}

const TABLES = [
  ...['workspaces', 'connected_accounts', 'api_keys', 'payment_links', 'payments', 'refunds', 'disputes', 'events'],
  ...['deliveries', 'delivery_attempts', 'webhook_endpoints', 'quarantined_stripe_events'],
  ...['dropped_stripe_events', 'audit_log', 'account_directory', 'business_profiles', 'profile_logos'],
];

/** Every row of one database. */
export async function tablesOf(database: D1Database): Promise<Record<string, unknown[]>> {
  const tables = await database.batch(TABLES.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY rowid`)));
  return Object.fromEntries(TABLES.map((table, index) => [table, tables[index]?.results ?? []]));
}

/** Every row of all databases, so that a test can say that nothing at all was written. */
export async function everything(): Promise<Record<string, unknown[]>> {
  const copies = await Promise.all(boundShards(env).map(({ binding }) => tablesOf(binding)));
  return Object.fromEntries(TABLES.map((table) => [table, copies.flatMap((copy) => copy[table] ?? [])]));
}

export async function quarantined(account: string): Promise<Record<string, unknown>[]> {
  return await rowsEverywhere(
    'SELECT * FROM quarantined_stripe_events WHERE stripe_account_id = ? ORDER BY rowid',
    account,
  );
}

/** What the merchant does at Stripe without us, as in its dashboard. Throws where Stripe refuses. */
export async function stripePost(
  account: string,
  path: string,
  params: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${SIMULATED.stripeUrl}${path}`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${SIMULATED.variables.STRIPE_SECRET_KEY_TEST}`, 'Stripe-Account': account },
    body: new URLSearchParams(params),
  });
  const answer: unknown = await response.json();
  if (!response.ok || typeof answer !== 'object' || answer === null) throw new Error(JSON.stringify(answer));
  return { ...answer };
}
