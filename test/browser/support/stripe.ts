import { expect } from 'vitest';
import * as z from 'zod';
import { signEvent } from '../../stripe-simulator/event-signature.ts';
import type { Demo, DemoSide } from './demo.ts';
import type { Link } from './links.ts';

export type Outcome = 'paid' | 'declined' | 'processing' | 'processing_succeeded' | 'processing_failed' | 'expired';

const session = z.object({
  id: z.string(),
  url: z.string().nullable(),
  status: z.string(),
  payment_status: z.string(),
  amount_total: z.number(),
  currency: z.string(),
  metadata: z.record(z.string(), z.string()),
});
const sessionList = z.object({ data: z.array(session) });
const eventList = z.object({
  data: z.array(z.looseObject({ type: z.string(), data: z.object({ object: z.looseObject({ id: z.string() }) }) })),
});

export type SimulatedSession = z.output<typeof session>;

async function answered(response: Response): Promise<unknown> {
  const text = await response.text();
  expect(response.ok, `${response.url}: ${response.status} ${text}`).toBe(true);
  return JSON.parse(text);
}

async function control(demo: Demo, path: string, body: object): Promise<void> {
  await answered(
    await fetch(`${demo.stripeUrl}/_control${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
}

/** The sessions that Stripe has of a workspace's account, newest first. */
export async function sessionsOf(demo: Demo, owner: DemoSide): Promise<SimulatedSession[]> {
  const response = await fetch(`${demo.stripeUrl}/_control/sessions?account=${owner.account}`);
  return sessionList.parse(await answered(response)).data;
}

/** The sessions that Stripe has of a link of this workspace. */
export async function sessionsOfLink(demo: Demo, owner: DemoSide, link: Link): Promise<SimulatedSession[]> {
  const all = await sessionsOf(demo, owner);
  return all.filter(({ metadata }) => metadata.softsolz_payment_link === link.id);
}

/** What becomes of a session, without a person at Checkout. */
export async function settle(demo: Demo, sessionId: string, outcome: Outcome): Promise<void> {
  await control(demo, `/sessions/${sessionId}/pay`, { outcome });
}

const made = z.object({ data: z.object({ url: z.string() }) });

/** A session of a secret key, by the request that the app teaches, and what becomes of it. */
export async function takePayment(
  demo: Demo,
  key: string,
  price: { readonly amount_cents: number; readonly currency: string },
  outcome: Outcome,
): Promise<void> {
  const urls = { success_url: 'https://example.com/thanks', cancel_url: 'https://example.com/basket' };
  const body = { ...price, description: 'Order #1042', customer_email: 'ada@example.com', ...urls };
  const response = await fetch(`${demo.baseUrl}/api/v1/services/payments/checkout-sessions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { data } = made.parse(await answered(response));
  await settle(demo, /cs_test_\w+/.exec(data.url)?.[0] ?? '', outcome);
}

/** What goes wrong at Stripe with the sessions of a link from now on; {} for nothing. */
export async function setFaults(demo: Demo, link: Link, faults: object): Promise<void> {
  await control(demo, '/faults', { mentions: link.id, ...faults });
}

/** In what way Stripe works for the sessions of a link from now on; {} for as usual. */
export async function setConditions(demo: Demo, link: Link, conditions: object): Promise<void> {
  await control(demo, '/conditions', { mentions: link.id, ...conditions });
}

/** Stripe sends an event about a session that it could not send before. */
export async function sendLostEvent(demo: Demo, owner: DemoSide, sessionId: string, type: string): Promise<void> {
  const response = await fetch(`${demo.stripeUrl}/v1/events?limit=100&type=${type}`, {
    headers: { Authorization: 'Bearer sk_test_simulated', 'Stripe-Account': owner.account ?? '' },
  });
  const { data: events } = eventList.parse(await answered(response));
  const event = events.find(({ data }) => data.object.id === sessionId);
  expect(event, `Stripe has no ${type} of ${sessionId}`).toBeDefined();
  const body = JSON.stringify({ ...event, account: owner.account });
  const signature = await signEvent(demo.stripeEvents.secret, body, Math.floor(Date.now() / 1000));
  const received = await fetch(demo.stripeEvents.url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature },
    body,
  });
  expect(received.status).toBe(200);
}
