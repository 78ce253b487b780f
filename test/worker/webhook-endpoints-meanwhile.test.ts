import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callWith, rowsOf } from './support/api.ts';
import { interruptedD1 } from './support/counting.ts';
import { attempt, deliveryRow, freezeTime, passTime, setEndpoint } from './support/deliveries.ts';
import { fetchWith, losingQueue } from './support/direct.ts';
import { addEndpointRow, waitingFor } from './support/endpoint-rows.ts';
import { heldEvent, openSession, requestOf } from './support/payments.ts';
import { pay, scriptSink, sinkRequests } from './support/simulator.ts';
import { patchEndpoint } from './support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from './support/workspace.ts';

const HOUR = 60 * 60 * 1000;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

async function enable(shop: TestWorkspace, id: string): Promise<void> {
  const queue = losingQueue();
  const answer = await callWith(
    { DELIVERIES: queue, RETRIES: queue },
    shop.key,
    'POST',
    `/webhook-endpoints/${id}/enable`,
  );
  expect(answer.status).toBe(202);
}

describe('an endpoint that is enabled', () => {
  it('while a payment is being settled is told of it', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await setEndpoint(shop, { status: 'disabled', disabled_at: Date.now() });
    const [endpoint] = await rowsOf('webhook_endpoints', shop.workspace.id);
    const told = await heldEvent(shop, 'checkout.session.completed');
    const meanwhile = interruptedD1(env.DB, 2, () => enable(shop, String(endpoint?.id)));
    expect((await fetchWith({ DB: meanwhile, DELIVERIES: losingQueue() }, requestOf(told))).status).toBe(200);
    const written = await rowsOf('deliveries', shop.workspace.id);
    expect(written).toMatchObject([{ status: 'pending', endpoint_id: endpoint?.id }]);
  });

  it('while a run gives its delivery up gets it after all', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop, { status: 'disabled', disabledAt: Date.now() });
    const [id = ''] = await waitingFor(endpoint, 1);
    await attempt([id], { DB: interruptedD1(env.DB, 2, () => enable(shop, endpoint.id)) });
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 0, claim: null });
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 1 });
    expect(await sinkRequests(endpoint.sink)).toHaveLength(1);
  });

  it('gets at once what waits for another attempt', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop, { status: 'disabled', disabledAt: Date.now() });
    const [id = ''] = await waitingFor(endpoint, 1);
    await env.DB.prepare('UPDATE deliveries SET attempt_count = 8, next_attempt_at = ? WHERE id = ?')
      .bind(Date.now() + 8 * HOUR, id)
      .run();
    passTime(1_000);
    await enable(shop, endpoint.id);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempts_before: 8, next_attempt_at: Date.now() });
  });
});

describe('an endpoint that has another URL by now', () => {
  it('is not taken out of service by what the old one answered', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const [id = ''] = await waitingFor(endpoint, 1);
    await scriptSink(endpoint.sink, { status: 410 });
    const move = async () => {
      expect((await patchEndpoint(shop, endpoint.id, { url: `${endpoint.url}-moved` })).status).toBe(200);
    };
    await attempt([id], { DB: interruptedD1(env.DB, 2, move) });
    const [row] = await rowsOf('webhook_endpoints', shop.workspace.id);
    expect(row).toMatchObject({ status: 'enabled', url: `${endpoint.url}-moved`, failing_since: null });
  });
});
