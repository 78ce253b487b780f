import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../../support/api.ts';
import { interruptedD1 } from '../../support/counting.ts';
import {
  attempt,
  attemptsOf,
  deliveryRow,
  endpointRow,
  freezeTime,
  passTime,
  setEndpoint,
} from '../../support/deliveries.ts';
import { paidQuietly } from '../../support/payments.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const DAY = 24 * 60 * 60 * 1000;

afterEach(() => {
  vi.useRealTimers();
});

async function oneDelivery(shop: TestWorkspace): Promise<string> {
  const { deliveryIds } = await paidQuietly(shop);
  expect(deliveryIds).toHaveLength(1);
  return deliveryIds[0] ?? '';
}

async function disabledEntries(shop: TestWorkspace) {
  const audit = await rowsOf('audit_log', shop.workspace.id);
  return audit.filter((entry) => entry.action === 'webhook_endpoint.disable');
}

describe('An endpoint that fails', () => {
  it('is failing since its first failure, until it answers again', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const id = await oneDelivery(shop);
    const began = Date.now();
    await scriptSink(shop.sink, { status: 500, times: 2 });
    await attempt([id]);
    expect(await endpointRow(shop)).toMatchObject({ failing_since: began, status: 'enabled' });
    passTime(60_000);
    await attempt([id]);
    expect(await endpointRow(shop)).toMatchObject({ failing_since: began });
    passTime(600_000);
    await attempt([id]);
    expect(await endpointRow(shop)).toMatchObject({ failing_since: null, status: 'enabled' });
  });

  it('is disabled when its failures span 5 days, and not a moment earlier', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = [await oneDelivery(shop), await oneDelivery(shop), await oneDelivery(shop)];
    await scriptSink(shop.sink, { status: 500 });
    await attempt(ids.slice(0, 1));
    const { failing_since: since } = await endpointRow(shop);
    vi.setSystemTime(Number(since) + 5 * DAY - 1);
    await attempt(ids.slice(1, 2));
    expect(await endpointRow(shop)).toMatchObject({ status: 'enabled', failing_since: since });
    vi.setSystemTime(Number(since) + 5 * DAY);
    await attempt(ids.slice(2));
    expect(await endpointRow(shop)).toMatchObject({
      status: 'disabled',
      disabled_reason: expect.stringContaining('5 days'),
    });
    expect(await disabledEntries(shop)).toMatchObject([{ actor: 'system', object: (await endpointRow(shop)).id }]);
  });

  it('is not disabled where one success lay between', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = [await oneDelivery(shop), await oneDelivery(shop), await oneDelivery(shop)];
    await scriptSink(shop.sink, { status: 500, times: 1 });
    await attempt(ids.slice(0, 1));
    passTime(2 * DAY);
    await attempt(ids.slice(1, 2));
    await scriptSink(shop.sink, { status: 500 });
    passTime(4 * DAY);
    await attempt(ids.slice(2));
    expect(await endpointRow(shop)).toMatchObject({ status: 'enabled', failing_since: Date.now() });
  });

  it('is not disabled by a run in which it also answered', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const ids = [await oneDelivery(shop), await oneDelivery(shop)];
    await setEndpoint(shop, { failing_since: Date.now() - 6 * DAY });
    await scriptSink(shop.sink, { status: 500, times: 1 });
    await attempt(ids);
    const statuses = (await Promise.all(ids.map(deliveryRow))).map((row) => row.status).sort();
    expect(statuses).toEqual(['pending', 'succeeded']);
    expect(await endpointRow(shop)).toMatchObject({ status: 'enabled' });
    const { failing_since: since } = await endpointRow(shop);
    expect(since === null || since === Date.now()).toBe(true);
  });

  it('is disabled at once by 410, and what else waits for it is not sent', async () => {
    const shop = await newWorkspace();
    const ids = [await oneDelivery(shop), await oneDelivery(shop)];
    await scriptSink(shop.sink, { status: 410 });
    const { sent } = await attempt(ids.slice(0, 1));
    expect(sent).toEqual([]);
    expect(await endpointRow(shop)).toMatchObject({
      status: 'disabled',
      disabled_reason: expect.stringContaining('410'),
    });
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'failed', attempt_count: 1, next_attempt_at: null });
    expect(await attemptsOf(ids[0])).toMatchObject([{ status_code: 410 }]);
    expect(await disabledEntries(shop)).toHaveLength(1);

    await attempt(ids.slice(1));
    expect(await deliveryRow(ids[1])).toMatchObject({ status: 'failed', attempt_count: 0 });
    expect(await sinkRequests(shop.sink)).toHaveLength(1);
  });

  it('stays known as failing since then where a success comes in after it was disabled', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const [id = ''] = (await paidQuietly(shop)).deliveryIds;
    const failingSince = Date.now() - 5 * DAY;
    const disabling = interruptedD1(env, 2, async () => {
      await setEndpoint(shop, { status: 'disabled', disabled_at: Date.now(), failing_since: failingSince });
    });
    await attempt([id], disabling);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded' });
    expect(await endpointRow(shop)).toMatchObject({ status: 'disabled', failing_since: failingSince });
  });

  it('is one failing endpoint: the others of its workspace are not touched', async () => {
    const [shop, healthy] = await Promise.all([newWorkspace(), newWorkspace()]);
    const ids = [await oneDelivery(shop), await oneDelivery(healthy)];
    await scriptSink(shop.sink, { status: 410 });
    await attempt(ids);
    expect(await endpointRow(healthy)).toMatchObject({ status: 'enabled', failing_since: null });
    expect(await deliveryRow(ids[1])).toMatchObject({ status: 'succeeded' });
  });
});

describe('A delivery whose endpoint takes no events any more', () => {
  it.each([
    ['deleted', 'DELETE FROM webhook_endpoints WHERE workspace_id = ?'],
    ['disabled', "UPDATE webhook_endpoints SET status = 'disabled' WHERE workspace_id = ?"],
  ])('fails without a request when it was %s', async (_what, statement) => {
    const shop = await newWorkspace();
    const id = await oneDelivery(shop);
    await shop.binding.prepare(statement).bind(shop.workspace.id).run();
    const { acked, sent } = await attempt([id]);
    expect([acked, sent]).toEqual([['message-0'], []]);
    expect(await deliveryRow(id)).toMatchObject({
      status: 'failed',
      attempt_count: 0,
      next_attempt_at: null,
      claim: null,
    });
    expect(await attemptsOf(id)).toEqual([]);
    expect(await sinkRequests(shop.sink)).toEqual([]);
  });
});

describe('A URL that events must not be sent to', () => {
  it.each([
    ['a local one without ALLOW_LOCAL_WEBHOOKS', null, { ALLOW_LOCAL_WEBHOOKS: 'false' }],
    ['this service itself', 'http://localhost:8787/api/stripe/events/test', {}],
    ['an address of the cloud', 'http://169.254.169.254/latest/meta-data', {}],
    ['another port', 'https://shop.example.com:8443/hook', {}],
  ])('gets no request, whatever the row says: %s', async (_what, url, changes) => {
    const shop = await newWorkspace();
    const id = await oneDelivery(shop);
    if (url !== null) await setEndpoint(shop, { url });
    const network = vi.spyOn(globalThis, 'fetch');
    await attempt([id], changes);
    expect(network).not.toHaveBeenCalled();
    network.mockRestore();
    expect(await attemptsOf(id)).toMatchObject([
      { status_code: null, error: expect.stringMatching(/^not sent: /), response_body: '' },
    ]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 1 });
  });
});
