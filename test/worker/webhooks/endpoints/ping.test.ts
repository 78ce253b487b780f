import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { callWith, expectError, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1 } from '../../support/counting.ts';
import { losingQueue } from '../../support/direct.ts';
import { sinkRequests } from '../../support/simulator.ts';
import { act, auditOf, newEndpoint, patchEndpoint, writtenBy } from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const PATIENCE = { timeout: 30_000, interval: 100 };
const KEY = { 'Idempotency-Key': 'ping-1' };

const pingAnswer = z.strictObject({
  data: z.strictObject({
    id: z.string().regex(/^dlv_[01][0-9a-z]+$/),
    event_id: z.string().regex(/^evt_[01][0-9a-f]{32}$/),
    event_type: z.literal('webhook.ping'),
    status: z.enum(['pending', 'succeeded', 'failed']),
    failure_reason: z.null(),
    attempts: z.array(z.looseObject({ status_code: z.int().nullable() })),
    next_attempt_at: z.string().nullable(),
    created_at: z.string(),
  }),
});

async function expectPing(response: Response) {
  const text = await response.text();
  expect(response.status, text).toBe(202);
  return pingAnswer.parse(JSON.parse(text)).data;
}

async function arrived(sink: string) {
  return await vi.waitFor(async () => {
    const received = await sinkRequests(sink);
    expect(received).toHaveLength(1);
    return received[0];
  }, PATIENCE);
}

/** The pings of a workspace: events, deliveries, audit entries. */
async function pings(shop: TestWorkspace) {
  const [events, deliveries] = await Promise.all(
    ['events', 'deliveries'].map((table) => rowsOf(table, shop.workspace.id)),
  );
  return { events: events?.length, deliveries: deliveries?.length };
}

describe('pinging a webhook endpoint', () => {
  it('reaches it alone, signed, whatever it is subscribed to', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop, { events: ['payments.payment.refunded'] });
    const ping = await expectPing(await act(shop, endpoint.id, 'ping'));
    expect(ping).toMatchObject({ status: 'pending', attempts: [], next_attempt_at: ping.created_at });

    const request = await arrived(endpoint.sink);
    const body = new Webhook(endpoint.secret).verify(request?.body ?? '', request?.headers ?? {});
    expect(body).toEqual({
      id: ping.event_id,
      type: 'webhook.ping',
      created_at: ping.created_at,
      tenant_id: shop.workspace.id,
      data: { webhook_endpoint_id: endpoint.id },
    });
    expect(await sinkRequests(shop.sink)).toEqual([]);
    expect(await pings(shop)).toEqual({ events: 1, deliveries: 1 });
    expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.ping']);
  });

  it('costs three round trips to the database and one wake-up call', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop);
    const database = countingD1(env);
    const queue = losingQueue();
    const ping = await callWith(
      { ...database.bindings, DELIVERIES: queue },
      shop.key,
      'POST',
      `/webhook-endpoints/${endpoint.id}/ping`,
    );
    const { id } = await expectPing(ping);
    expect(database.counts.roundTrips).toBe(3);
    expect(queue.sent.map(({ deliveryId }) => deliveryId)).toEqual([id]);
  });

  it('is another ping each time, unless the Idempotency-Key is the same', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop);
    const [first, second] = [await act(shop, endpoint.id, 'ping'), await act(shop, endpoint.id, 'ping')];
    expect((await expectPing(first)).id).not.toBe((await expectPing(second)).id);
    const answers = await Promise.all(Array.from({ length: 10 }, () => act(shop, endpoint.id, 'ping', {}, 'ping-1')));
    const same = await Promise.all(answers.map((answer) => expectPing(answer)));
    expect(new Set(same.map(({ id }) => id)).size).toBe(1);
    expect(await pings(shop)).toEqual({ events: 3, deliveries: 3 });
  });

  it.each(['before', 'after'] as const)(
    'is the same ping where the database was lost %s it was written',
    async (when) => {
      const shop = await newWorkspace();
      const endpoint = await newEndpoint(shop);
      const path = `/webhook-endpoints/${endpoint.id}/ping`;
      const lost = await callWith(failingD1(env, 3, when), shop.key, 'POST', path, {}, KEY);
      await expectError(lost, 503, 'service_unavailable');
      const ping = await expectPing(await act(shop, endpoint.id, 'ping', {}, 'ping-1'));
      expect(await pings(shop)).toEqual({ events: 1, deliveries: 1 });
      const [delivery] = await rowsOf('deliveries', shop.workspace.id);
      expect(delivery).toMatchObject({ id: ping.id, event_id: ping.event_id });
      expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.ping']);
      const request = await arrived(endpoint.sink);
      expect(JSON.parse(request?.body ?? '{}')).toMatchObject({ id: ping.event_id, created_at: ping.created_at });
    },
  );

  it('is refused for a disabled one: 409, and nothing is written', async () => {
    const shop = await newWorkspace();
    const endpoint = await newEndpoint(shop);
    await patchEndpoint(shop, endpoint.id, { status: 'disabled' });
    const before = await writtenBy(shop);
    const error = await expectError(await act(shop, endpoint.id, 'ping'), 409, 'webhook_endpoint_disabled');
    expect(error.message).toContain(`/webhook-endpoints/${endpoint.id}/enable`);
    expect(await writtenBy(shop)).toEqual(before);
  });
});
