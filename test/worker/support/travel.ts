import { vi } from 'vitest';
import * as z from 'zod';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { callWith, expectSession, type SessionAnswer } from './api.ts';
import { type BindingChanges, consume, fetchWith, losingQueue, runCron } from './direct.ts';
import { requestOf, signed } from './payments.ts';
import type { PayOutcome, SignedEvent } from './simulator.ts';
import { contextOf, newWorkspace, SESSION, type TestWorkspace } from './workspace.ts';

const urls = SIMULATED.travellingStripeUrls;
/** Chosen anew by each runtime: the test files of one runtime run one after the other. */
const STRIPE = urls[Math.floor(Math.random() * urls.length)] ?? '';
const clock = z.object({ now: z.iso.datetime() });
const outbox = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});

async function post(path: string, body: unknown): Promise<unknown> {
  return await answerOf(await fetch(`${STRIPE}/_control${path}`, { method: 'POST', body: JSON.stringify(body) }));
}

async function answerOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return JSON.parse(text);
}

const queue = losingQueue();
const bindings: BindingChanges = { STRIPE_API_BASE: STRIPE, DELIVERIES: queue, RETRIES: losingQueue() };

/** A workspace whose account is at the travelling Stripe; its endpoint is at its sink as ever. */
export interface Traveller {
  readonly shop: TestWorkspace;
  readonly account: string;
}

/** Also sets the clock here to that of the travelling Stripe, which an earlier test may have moved. */
export async function newTraveller(): Promise<Traveller> {
  await travel(0);
  const shop = await newWorkspace({ account: 'none' });
  const account = `acct_${shop.workspace.id.replaceAll('-', '').slice(0, 16)}`;
  await post('/accounts', { id: account, charges_enabled: true });
  await attachAccount(await contextOf(shop.workspace), plainAccount(account, true));
  return { shop, account };
}

/** Time goes on, by the same clock at Stripe and here. */
export async function travel(minutes: number): Promise<void> {
  const { now } = clock.parse(await post('/clock', { advance_seconds: minutes * 60 }));
  vi.setSystemTime(Date.parse(now));
}

/** The clock of Stripe goes on alone. */
export async function travelStripe(seconds: number): Promise<void> {
  await post('/clock', { advance_seconds: seconds });
}

export async function openSession({ shop }: Traveller, extra: Record<string, unknown>): Promise<SessionAnswer> {
  return await expectSession(
    await callWith(bindings, shop.key, 'POST', '/checkout-sessions', { ...SESSION, ...extra }),
  );
}

export async function pay(session: SessionAnswer, outcome: PayOutcome): Promise<void> {
  await post(`/sessions/${session.stripe_session_id}/pay`, { outcome, email: 'ann@example.com' });
}

/** The payment intent of a session, as Stripe has it. */
export async function intentOf({ account }: Traveller, session: SessionAnswer): Promise<string> {
  const path = `/v1/checkout/sessions/${session.stripe_session_id}`;
  return z.object({ payment_intent: z.string() }).parse(await atStripe(account, 'GET', path)).payment_intent;
}

/** What the merchant does in Stripe's dashboard. */
export async function refund(traveller: Traveller, session: SessionAnswer, amount?: number): Promise<void> {
  const params = { payment_intent: await intentOf(traveller, session), ...(amount ? { amount: String(amount) } : {}) };
  await atStripe(traveller.account, 'POST', '/v1/refunds', params);
}

/** Answers the dispute's id. */
export async function dispute(traveller: Traveller, session: SessionAnswer): Promise<string> {
  const opened = await post(`/payment_intents/${await intentOf(traveller, session)}/dispute`, {});
  return z.object({ id: z.string() }).parse(opened).id;
}

export async function closeDispute(id: string, status: 'won' | 'lost'): Promise<void> {
  await post(`/disputes/${id}/close`, { status });
}

export async function changeAccount({ account }: Traveller, change: Record<string, unknown>): Promise<void> {
  await post(`/accounts/${account}/update`, change);
}

async function atStripe(account: string, method: string, path: string, params?: Record<string, string>) {
  return await answerOf(
    await fetch(`${STRIPE}${path}`, {
      method,
      headers: { Authorization: `Bearer ${SIMULATED.variables.STRIPE_SECRET_KEY_TEST}`, 'Stripe-Account': account },
      ...(params ? { body: new URLSearchParams(params) } : {}),
    }),
  );
}

/** Takes the events that Stripe would send this account's platform now, signed by the present clock. Stripe sends none of them again. */
export async function takeEvents({ account }: Traveller): Promise<SignedEvent[]> {
  const held = outbox.parse(await answerOf(await fetch(`${STRIPE}/_control/outbox?account=${account}`)));
  return await Promise.all(held.data.map((event) => signed(event.url, event.body)));
}

/** Sends these Stripe events to the Worker; throws where it does not answer 200. */
export async function sendEvents(events: readonly SignedEvent[]): Promise<void> {
  for (const event of events) {
    const response = await fetchWith(bindings, requestOf(event));
    if (response.status !== 200) throw new Error(`The Worker answered ${response.status}: ${await response.text()}`);
  }
}

/** One run of the cron, and every delivery that was woken by then. */
export async function runCronAndDeliver(): Promise<void> {
  await runCron(bindings);
  for (const { deliveryId } of queue.sent.splice(0)) await consume([deliveryId], bindings);
}

/** The rows of a workspace's deliveries, with the type of the event each is of. */
export async function deliveriesOf({ shop }: Traveller): Promise<string[]> {
  const { results } = await shop.binding
    .prepare(
      `SELECT event.type || ' ' || delivery.status AS line FROM deliveries AS delivery
      JOIN events AS event ON event.id = delivery.event_id WHERE delivery.workspace_id = ?`,
    )
    .bind(shop.workspace.id)
    .all<{ line: string }>();
  return results.map(({ line }) => line).toSorted();
}
