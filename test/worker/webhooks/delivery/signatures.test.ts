import { Webhook } from 'standardwebhooks';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { encryptSecret, parseSecretsKey, type SecretsKeyring } from '../../../../src/core/crypto.ts';
import { newWebhookSecret } from '../../../../src/core/webhook-signature.ts';
import { SIMULATED } from '../../../support/simulated.ts';
import { rowsOf } from '../../support/api.ts';
import { attempt, deliveryRow, endpointRow, freezeTime, passTime, setEndpoint } from '../../support/deliveries.ts';
import { everything, paidQuietly } from '../../support/payments.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const DAY = 24 * 60 * 60 * 1000;
const SECRETS_KEY = SIMULATED.variables.SECRETS_KEY;

afterEach(() => {
  vi.useRealTimers();
});

/** The published algorithm, written anew: hex HMAC-SHA256 of `<t>.<body>` under the whole secret. */
async function hexHmac(secret: string, message: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(message));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

type Received = Awaited<ReturnType<typeof sinkRequests>>[number];

function signatureOf({ headers }: Received): { t: number; v1: string[] } {
  const header = headers['softsolz-signature'] ?? '';
  expect(header).toMatch(/^t=\d+(,v1=[0-9a-f]{64})+$/);
  const [stamp = '', ...signatures] = header.split(',');
  return { t: Number(stamp.slice(2)), v1: signatures.map((part) => part.slice(3)) };
}

async function arrived(shop: TestWorkspace): Promise<Received[]> {
  const received = await sinkRequests(shop.sink);
  expect(received.length).toBeGreaterThan(0);
  return received;
}

/** A second secret beside the endpoint's own, as a rotation leaves it: the old one is valid a while longer. */
async function rotate(
  shop: TestWorkspace,
  validFor: number,
  keyring?: SecretsKeyring,
): Promise<{ old: string; fresh: string }> {
  const endpoint = await endpointRow(shop);
  const fresh = newWebhookSecret();
  const ring = keyring ?? (await parseSecretsKey(SECRETS_KEY));
  await setEndpoint(shop, {
    sealed_secret: await encryptSecret(ring, fresh, [shop.workspace.id, String(endpoint.id)]),
    sealed_previous_secret: endpoint.sealed_secret,
    previous_secret_valid_until: Date.now() + validFor,
  });
  return { old: shop.webhookSecret ?? '', fresh };
}

describe('A webhook', () => {
  it('is one POST of JSON with the exact bytes of the event, signed both ways', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    await attempt(deliveryIds);

    const [event] = await rowsOf('events', shop.workspace.id);
    const received = await arrived(shop);
    expect(received).toHaveLength(1);
    for (const request of received) {
      const { headers, body } = request;
      expect(body).toBe(event?.body);
      expect(headers['content-type']).toBe('application/json');
      expect(headers['webhook-id']).toBe(event?.id);
      const { t, v1 } = signatureOf(request);
      expect(t).toBe(Math.floor(Date.now() / 1000));
      expect(headers['webhook-timestamp']).toBe(String(t));
      expect(v1).toEqual([await hexHmac(shop.webhookSecret ?? '', `${t}.${body}`)]);
      expect(new Webhook(shop.webhookSecret ?? '').verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(newWebhookSecret()).verify(body, headers)).toThrow();
      expect(() => new Webhook(shop.webhookSecret ?? '').verify(`${body} `, headers)).toThrow();
    }
  });

  it('carries a fresh time and the same event id and bytes at each attempt', async () => {
    freezeTime();
    const shop = await newWorkspace();
    await scriptSink(shop.sink, { status: 500, times: 2 });
    const { deliveryIds } = await paidQuietly(shop);
    const began = Math.floor(Date.now() / 1000);
    for (let time = 0; time < 3; time++) {
      await attempt(deliveryIds);
      passTime(120_000);
    }

    const received = await arrived(shop);
    expect(received.map((request) => signatureOf(request).t)).toEqual([began, began + 120, began + 240]);
    expect(new Set(received.map((request) => request.headers['webhook-id'])).size).toBe(1);
    expect(new Set(received.map((request) => request.body)).size).toBe(1);
    for (const request of received) {
      const { t, v1 } = signatureOf(request);
      expect(v1).toEqual([await hexHmac(shop.webhookSecret ?? '', `${t}.${request.body}`)]);
    }
  });
});

describe('While a secret rolls', () => {
  it('both secrets sign, and the order turns from attempt to attempt', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    const { old, fresh } = await rotate(shop, 7 * DAY);
    await scriptSink(shop.sink, { status: 500, times: 3 });
    for (let time = 0; time < 4; time++) {
      await attempt(deliveryIds);
      passTime(3_600_000);
    }

    const received = await arrived(shop);
    expect(received).toHaveLength(4);
    for (const [index, request] of received.entries()) {
      const { t, v1 } = signatureOf(request);
      const expected = [await hexHmac(fresh, `${t}.${request.body}`), await hexHmac(old, `${t}.${request.body}`)];
      expect(v1).toEqual(index % 2 === 0 ? expected : expected.toReversed());
      vi.setSystemTime(t * 1000);
      for (const secret of [old, fresh]) {
        expect(new Webhook(secret).verify(request.body, request.headers)).toEqual(JSON.parse(request.body));
      }
    }
  });

  it('the old secret signs no more once its time is over', async () => {
    freezeTime();
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    const { fresh } = await rotate(shop, 0);
    await attempt(deliveryIds);
    for (const request of await arrived(shop)) {
      const { t, v1 } = signatureOf(request);
      expect(v1).toEqual([await hexHmac(fresh, `${t}.${request.body}`)]);
    }
  });
});

describe('A signing secret at rest', () => {
  it('is nowhere in the database as it is', async () => {
    const shop = await newWorkspace();
    const secret = shop.webhookSecret ?? '';
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const dump = JSON.stringify(await everything());
    expect(dump).toContain(shop.workspace.id);
    expect(dump).not.toContain(secret.slice('whsec_'.length));
    expect(dump).not.toContain('whsec_');
    expect((await endpointRow(shop)).sealed_secret).toMatch(/^v1\.[\w-]+\.[\w-]+$/);
  });

  it('is bound to its endpoint: moved to another row it does not open, and nothing is sent', async () => {
    const [shop, other] = await Promise.all([newWorkspace(), newWorkspace()]);
    const { deliveryIds } = await paidQuietly(shop);
    await setEndpoint(shop, { sealed_secret: (await endpointRow(other)).sealed_secret });
    await attempt(deliveryIds);
    expect(await sinkRequests(shop.sink)).toEqual([]);
    expect(await deliveryRow(deliveryIds[0])).not.toMatchObject({ status: 'succeeded' });
  });

  it('opens under a later SECRETS_KEY that still lists the earlier key', async () => {
    const shop = await newWorkspace();
    const { deliveryIds } = await paidQuietly(shop);
    const later = `v2:${btoa('0123456789abcdef0123456789abcdef')},v1:${SECRETS_KEY}`;
    await attempt(deliveryIds, { SECRETS_KEY: later });
    for (const request of await arrived(shop)) {
      expect(new Webhook(shop.webhookSecret ?? '').verify(request.body, request.headers)).toBeTruthy();
    }
  });
});
