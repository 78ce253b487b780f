import { exports } from 'cloudflare:workers';
import * as z from 'zod';
import { SIMULATED } from '../../support/simulated.ts';

const list = z.object({ data: z.array(z.record(z.string(), z.unknown())) });

/** A call to the simulator's control. Throws where it refuses. */
export async function control(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${SIMULATED.stripeUrl}/_control${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} /_control${path}: ${response.status} ${text}`);
  return text === '' ? null : JSON.parse(text);
}

/** In what way Stripe works for an account from now on; {} for as usual. */
export async function setConditions(account: string | null, conditions: object): Promise<void> {
  await control('POST', '/conditions', { account, ...conditions });
}

export const stripeRequest = z.object({
  method: z.string(),
  path: z.string(),
  idempotency_key: z.string().nullable(),
  status: z.number(),
  params: z.record(z.string(), z.unknown()),
});

/** What our Worker has asked Stripe on this account, oldest first. */
export async function stripeRequests(account: string) {
  const answer = z.object({ data: z.array(stripeRequest) }).parse(await control('GET', `/requests?account=${account}`));
  return answer.data;
}

/** The Checkout sessions that Stripe has for this account. */
export async function stripeSessions(account: string): Promise<Record<string, unknown>[]> {
  return list.parse(await control('GET', `/sessions?account=${account}`)).data;
}

export type PayOutcome =
  | 'paid'
  | 'declined'
  | 'processing'
  | 'voucher'
  | 'processing_succeeded'
  | 'processing_failed'
  | 'expired';

/** A buyer at Stripe's page. */
export async function pay(stripeSessionId: string, outcome: PayOutcome, email?: string): Promise<void> {
  await control('POST', `/sessions/${stripeSessionId}/pay`, { outcome, ...(email ? { email } : {}) });
}

const outbox = z.object({
  data: z.array(z.object({ url: z.string(), headers: z.record(z.string(), z.string()), body: z.string() })),
});
export type SignedEvent = z.output<typeof outbox>['data'][number];

/** The signed events that Stripe would send now; taken, so that a test can lose, double or reorder them. */
export async function takeStripeEvents(account: string): Promise<SignedEvent[]> {
  return outbox.parse(await control('GET', `/outbox?account=${account}`)).data;
}

/** Sends one of Stripe's events to the Worker. */
export async function sendStripeEvent(event: SignedEvent): Promise<Response> {
  return await exports.default.fetch(event.url, { method: 'POST', headers: event.headers, body: event.body });
}

/** Sends the Worker every Stripe event that is held for this account. */
export async function deliverStripeEvents(account: string): Promise<void> {
  for (const event of await takeStripeEvents(account)) {
    const response = await sendStripeEvent(event);
    if (!response.ok)
      throw new Error(`The Worker answered ${response.status} to ${event.url}: ${await response.text()}`);
  }
}

/** The address of a merchant's endpoint at the simulator, which keeps what arrives. */
export function sinkUrl(sink: string): string {
  return `${SIMULATED.stripeUrl}/sink/${sink}`;
}

const sinkLog = z.object({
  data: z.array(z.object({ headers: z.record(z.string(), z.string()), body: z.string(), status: z.number() })),
});

/** What has arrived at a merchant's endpoint, oldest first. */
export async function sinkRequests(sink: string) {
  return sinkLog.parse(await (await fetch(`${sinkUrl(sink)}/log`)).json()).data;
}

/** How a merchant's endpoint answers from now on. */
export async function scriptSink(sink: string, script: Readonly<Record<string, unknown>>): Promise<void> {
  const init = { method: 'PUT', body: JSON.stringify(script), headers: { 'Content-Type': 'application/json' } };
  const response = await fetch(sinkUrl(sink), init);
  if (!response.ok) throw new Error(await response.text());
}
