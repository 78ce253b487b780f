import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callWith, rowsOf } from '../../support/api.ts';
import { interruptedD1 } from '../../support/counting.ts';
import { attempt, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { type BindingChanges, fetchWith, hand, losingQueue } from '../../support/direct.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { heldEvent, openSession, requestOf } from '../../support/payments.ts';
import { playReceivers } from '../../support/receivers.ts';
import { pay, scriptSink } from '../../support/simulator.ts';
import { expectQueued, patchEndpoint, rowOf } from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const RETRIES = 'softsolz-retries';
const HOUR = 60 * 60_000;
const PATIENCE = { timeout: 30_000, interval: 20 };

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function enable(
  shop: TestWorkspace,
  id: string,
  changes: BindingChanges = {},
): Promise<{ queued: number; woken: string[] }> {
  const queue = losingQueue();
  const answer = await callWith({ ...changes, DELIVERIES: queue }, shop.key, 'POST', `/webhook-endpoints/${id}/enable`);
  return { queued: await expectQueued(answer), woken: queue.sent.map(({ deliveryId }) => deliveryId) };
}

const disable = (shop: TestWorkspace, id: string) => patchEndpoint(shop, id, { status: 'disabled' });

/** Pays a session of the workspace. Answers a function that sends its Stripe event to the Worker. */
async function paidWithEventHeld(shop: TestWorkspace): Promise<(changes?: BindingChanges) => Promise<void>> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  const event = await heldEvent(shop, 'checkout.session.completed');
  return async (changes = {}) => {
    expect((await fetchWith({ ...changes, DELIVERIES: losingQueue() }, requestOf(event))).status).toBe(200);
  };
}

const deliveriesOf = (shop: TestWorkspace) => rowsOf('deliveries', shop.workspace.id);

describe('An endpoint that is enabled while a run goes on', () => {
  it('gets the deliveries that the run held back because it was disabled', async () => {
    const [shop, other] = await Promise.all([
      newWorkspace({ account: 'none', webhook: false }),
      newWorkspace({ account: 'none', webhook: false }),
    ]);
    const [disabled, slow] = await Promise.all([addEndpointRow(shop), addEndpointRow(other)]);
    const [id = ''] = await waitingFor(disabled, 1);
    passTime(1_000);
    await disable(shop, disabled.id);
    const { received, timeOut } = playReceivers([slow.url]);
    const run = hand([id, ...(await waitingFor(slow, 1))], RETRIES);
    await vi.waitFor(() => expect(received.get(slow.url)).toBe(1), PATIENCE);
    const { queued, woken } = await enable(shop, disabled.id);
    await run.answered;
    timeOut();
    await run.over();
    expect([queued, woken]).toEqual([1, [id]]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', claim: null });
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 1 });
  });
});

describe('An event that is recorded while its endpoint', () => {
  it('is being enabled has a delivery', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    await disable(shop, endpoint.id);
    const sendEvent = await paidWithEventHeld(shop);
    const enabling = vi.fn(async () => void (await enable(shop, endpoint.id)));
    await sendEvent(interruptedD1(env, 2, enabling));
    expect(enabling).toHaveBeenCalledOnce();
    expect(await deliveriesOf(shop)).toMatchObject([{ endpoint_id: endpoint.id, status: 'pending' }]);
  });

  it('is being enabled has a delivery also where the event is later but written first', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    await disable(shop, endpoint.id);
    const sendEvent = await paidWithEventHeld(shop);
    const sending = vi.fn(async () => {
      passTime(5);
      await sendEvent();
    });
    expect((await enable(shop, endpoint.id, interruptedD1(env, 3, sending))).queued).toBe(1);
    expect(sending).toHaveBeenCalledOnce();
    expect(await deliveriesOf(shop)).toMatchObject([{ endpoint_id: endpoint.id, status: 'pending' }]);
  });

  it('is being disabled has none before it is enabled again', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const sendEvent = await paidWithEventHeld(shop);
    await sendEvent(interruptedD1(env, 2, async () => void (await disable(shop, endpoint.id))));
    expect(await deliveriesOf(shop)).toEqual([]);
    expect((await enable(shop, endpoint.id)).queued).toBe(1);
    expect(await deliveriesOf(shop)).toMatchObject([{ endpoint_id: endpoint.id, status: 'pending' }]);
  });
});

describe('Enabling an endpoint', () => {
  it('sends deliveries that wait for their next attempt at once, in the order of creation', async () => {
    const shop = await newWorkspace({ account: 'none', webhook: false });
    const endpoint = await addEndpointRow(shop);
    const ids: string[] = [];
    for (let made = 0; made < 3; made++) {
      ids.push(...(await waitingFor(endpoint, 1)));
      passTime(1_000);
    }
    const [first = '', second = '', third = ''] = ids;
    await scriptSink(endpoint.sink, { status: 500 });
    await attempt([third, first]);
    await disable(shop, endpoint.id);
    await attempt([second]);
    passTime(1_000);
    const { queued, woken } = await enable(shop, endpoint.id);
    expect([queued, woken]).toEqual([3, ids]);
    for (const [index, id] of ids.entries()) {
      expect(await deliveryRow(id)).toMatchObject({ status: 'pending', next_attempt_at: Date.now() + index });
    }
    await disable(shop, endpoint.id);
    expect((await enable(shop, endpoint.id)).queued).toBe(0);
  });
});

describe('An endpoint whose URL is changed while the old one is asked', () => {
  it.each([
    { status: 410, before: null },
    { status: 500, before: null },
    { status: 200, before: HOUR },
  ])('is not judged by its answer $status', async ({ status, before }) => {
    const shop = await newWorkspace({ account: 'none', webhook: false });
    const failingSince = before === null ? null : Date.now() - before;
    const endpoint = await addEndpointRow(shop);
    const answer = Promise.withResolvers<Response>();
    const { received } = playReceivers([], () => answer.promise);
    const run = hand(await waitingFor(endpoint, 1), RETRIES);
    await vi.waitFor(() => expect(received.get(endpoint.url)).toBe(1), PATIENCE);
    await patchEndpoint(shop, endpoint.id, { url: 'https://hooks.yoursite.com/new' });
    await shop.binding
      .prepare('UPDATE webhook_endpoints SET failing_since = ? WHERE id = ?')
      .bind(failingSince, endpoint.id)
      .run();
    answer.resolve(new Response('', { status }));
    await run.answered;
    await run.over();
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'enabled', failing_since: failingSince });
  });
});
