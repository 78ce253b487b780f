import { env } from 'cloudflare:workers';
import { createExecutionContext } from 'cloudflare:test';
import { expect, it } from 'vitest';
import worker from '../../src/index.ts';
import { countingD1 } from './support/counting.ts';
import { control, deliverStripeEvents, pay, sinkRequests, stripeSessions, takeStripeEvents } from './support/simulator.ts';
import { call, newWorkspace, SESSION } from './support/workspace.ts';

it('pays', async () => {
  const shop = await newWorkspace();
  const made = await call(shop.key, 'POST', '/checkout-sessions', SESSION);
  const text = await made.text();
  console.log(made.status, text);
  const { data } = JSON.parse(text);
  await pay(data.stripe_session_id, 'paid');
  const events = await takeStripeEvents(shop.account ?? '');
  console.log(events.map((e) => [e.url, JSON.parse(e.body).type, JSON.stringify(e.headers)]));
  for (const event of events) {
    const db = countingD1(env.DB);
    const r = await worker.fetch(new Request(event.url, { method: 'POST', headers: event.headers, body: event.body }), { ...env, DB: db }, createExecutionContext());
    console.log(r.status, JSON.parse(event.body).type, db.counts);
  }
  await new Promise((r) => setTimeout(r, 2000));
  console.log(await sinkRequests(shop.sink));
  expect(1).toBe(2);
});
