import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { paymentLinkTokenOf, webhookEndpointIdOf } from '../../../src/core/derive.ts';
import { newFormId } from '../../../src/core/ids.ts';
import type { Context } from '../../../src/domain/context.ts';
import { createPublicKey } from '../../../src/domain/keys/create-public-key.ts';
import { createLink } from '../../../src/domain/links/create-link.ts';
import { operationOfForm } from '../../../src/domain/operations.ts';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { pingEndpoint } from '../../../src/domain/webhooks/endpoints/ping-endpoint.ts';
import { rotateSecret } from '../../../src/domain/webhooks/endpoints/rotate-secret.ts';
import { redeliver } from '../../../src/domain/webhooks/replay/redeliver.ts';
import { replay } from '../../../src/domain/webhooks/replay/replay.ts';
import { rowsOf } from '../support/api.ts';
import { attempt, deliveryRow, freezeTime, passTime } from '../support/deliveries.ts';
import { losingQueue } from '../support/direct.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { seedDeliveries, seedEvents } from '../support/events.ts';
import { personIn } from '../support/person.ts';
import { sinkRequests, sinkUrl } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const DAY = 24 * 60 * 60_000;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

/** Sends one form twice: once more while the first is handled, and once more later. Answers what each got. */
async function sendTwice<T>(
  shop: TestWorkspace,
  act: (context: Context, operationId: string) => Promise<T>,
  form = newFormId(),
): Promise<readonly [T, T, T]> {
  const send = async () => {
    const context = await personIn(shop, { DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    const { operation } = await operationOfForm(context, { action: 'act', form });
    return await act(context, operation.id);
  };
  const [first, other] = await Promise.all([send(), send()]);
  passTime(60_000);
  return [first, other, await send()];
}

const actionsOf = async ({ workspace }: TestWorkspace, name: string) =>
  (await rowsOf('audit_log', workspace.id)).filter(({ action }) => action === name);

describe('A form that is sent again', () => {
  it('makes one payment link', async () => {
    const shop = await newWorkspace({ webhook: false });
    const made = await sendTwice(shop, async (context, operationId) => {
      const token = await paymentLinkTokenOf(operationId);
      return await createLink(context, { title: 'Deposit', currency: 'GBP', amountMinor: 5000, token });
    });
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    expect(await rowsOf('payment_links', shop.workspace.id)).toHaveLength(1);
    expect(await actionsOf(shop, 'payment_link.create')).toHaveLength(1);
  });

  it('makes one endpoint, with one secret', async () => {
    const shop = await newWorkspace({ webhook: false });
    const made = await sendTwice(shop, async (context, operationId) => {
      const id = await webhookEndpointIdOf(operationId);
      return await createEndpoint(context, { url: sinkUrl('repeated'), id });
    });
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(1);
    expect(await rowsOf('webhook_endpoints', shop.workspace.id)).toHaveLength(1);
    expect(await actionsOf(shop, 'webhook_endpoint.create')).toHaveLength(1);
  });

  it('makes one public key', async () => {
    const shop = await newWorkspace({ webhook: false });
    const made = await sendTwice(shop, async (context, operationId) => {
      return await createPublicKey(context, { name: 'Shop', allowedOrigins: [], operationId });
    });
    expect(new Set(made.map(({ text }) => text)).size).toBe(1);
    expect(await actionsOf(shop, 'api_key.issue')).toHaveLength(2);
  });

  it('rotates a secret once', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { id } = await addEndpointRow(shop);
    const made = await sendTwice(shop, async (context, operationId) => {
      return await rotateSecret(context, { id, operationId, force: true });
    });
    expect(new Set(made.map(({ secret }) => secret)).size).toBe(1);
    expect(await actionsOf(shop, 'webhook_endpoint.rotate_secret')).toHaveLength(1);
  });

  it('sends one ping', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { id, sink } = await addEndpointRow(shop);
    const made = await sendTwice(shop, async (context, operationId) => {
      const delivery = await pingEndpoint(context, { id, operationId });
      await attempt([delivery.id]);
      return delivery;
    });
    expect(new Set(made.map((delivery) => delivery.id)).size).toBe(1);
    expect(await sinkRequests(sink)).toHaveLength(1);
  });
});

/** An endpoint with deliveries of this status, oldest first. */
async function delivered(status: 'failed' | 'succeeded', count: number) {
  const shop = await newWorkspace({ webhook: false });
  const endpoint = await addEndpointRow(shop);
  const events = await seedEvents(shop, count, { at: Date.now() - DAY / 2 });
  const ids = await seedDeliveries(shop, endpoint.id, events, { status, attempts: 10 });
  return { shop, endpoint, ids };
}

describe('A form to send an event again', () => {
  it('sends it once, although it has arrived before the form comes again', async () => {
    const { shop, endpoint, ids } = await delivered('failed', 1);
    const [id = ''] = ids;
    const unlessSentSince = Date.now();
    passTime(5_000);
    const answers = await sendTwice(shop, async (context) => {
      const delivery = await redeliver(context, id, { unlessSentSince });
      await attempt([id]);
      return delivery;
    });
    expect(answers.map((delivery) => delivery.id)).toEqual([id, id, id]);
    expect(answers[2].status).toBe('succeeded');
    expect(await sinkRequests(endpoint.sink)).toHaveLength(1);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 11 });
    expect(await actionsOf(shop, 'delivery.redeliver')).toHaveLength(1);
  });

  it('sends it again by a form that was made after that', async () => {
    const { shop, endpoint, ids } = await delivered('succeeded', 1);
    const [id = ''] = ids;
    for (let sent = 0; sent < 2; sent++) {
      const unlessSentSince = Date.now();
      passTime(1_000);
      await redeliver(await personIn(shop, { DELIVERIES: losingQueue() }), id, { unlessSentSince });
      await attempt([id]);
      passTime(1_000);
    }
    expect(await sinkRequests(endpoint.sink)).toHaveLength(2);
  });

  it('is answered not_found in another workspace', async () => {
    const { shop, ids } = await delivered('failed', 1);
    const other = await newWorkspace({ webhook: false, shard: shop.shard });
    await expect(redeliver(await personIn(other), String(ids[0]))).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of a time range sends each once, also those that had succeeded before', async () => {
    for (const status of ['failed', 'succeeded'] as const) {
      const { shop, endpoint, ids } = await delivered(status, 3);
      const asked = { id: endpoint.id, since: Date.now() - DAY, until: Date.now(), unlessSentSince: Date.now() };
      passTime(5_000);
      const queued = await sendTwice(shop, async (context) => {
        const count = await replay(context, { ...asked, status });
        await attempt(ids);
        return count;
      });
      expect(queued.toSorted()).toEqual([0, 0, 3]);
      expect(await sinkRequests(endpoint.sink)).toHaveLength(3);
      expect(await actionsOf(shop, 'webhook_endpoint.replay')).toHaveLength(1);
    }
  });

  it('of a time range sends never sent events once', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    await seedEvents(shop, 3, { at: Date.now() - DAY / 2 });
    const asked = { since: Date.now() - DAY, until: Date.now(), status: null, unlessSentSince: Date.now() };
    passTime(5_000);
    const queued = await sendTwice(shop, (context) => replay(context, { id: endpoint.id, ...asked }));
    expect(queued.toSorted()).toEqual([0, 0, 3]);
  });
});
