import { env } from 'cloudflare:workers';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toRfc3339 } from '../../../../src/core/rfc3339.ts';
import { findWebhookEndpoint } from '../../../../src/db/webhook-endpoints.ts';
import { callWith, expectError } from '../../support/api.ts';
import { countingD1, failingD1, interruptedD1 } from '../../support/counting.ts';
import { attempt, endpointRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { waitingFor } from '../../support/endpoint-rows.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import {
  act,
  auditOf,
  type Body,
  expectFaults,
  expectRotated,
  newEndpoint,
  readEndpoint,
  rowOf,
} from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const DAY = 24 * 60 * 60 * 1000;

let shop: TestWorkspace;
let id: string;
let original: string;
beforeEach(async () => {
  freezeTime();
  shop = await newWorkspace();
  id = String((await endpointRow(shop)).id);
  original = shop.webhookSecret ?? '';
});
afterEach(() => {
  vi.useRealTimers();
});

async function rotate(body?: Body, key?: string): Promise<Response> {
  return await act(shop, id, 'rotate-secret', body, key);
}

type Received = Awaited<ReturnType<typeof sinkRequests>>[number];

/** A simple verifier: of several signatures it sees the last one only. */
async function acceptsByLast(secret: string, { headers, body }: Received): Promise<boolean> {
  const parts = new Map(
    (headers['softsolz-signature'] ?? '')
      .split(',')
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const encoder = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, encoder.encode(`${parts.get('t')}.${body}`)));
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join('') === parts.get('v1');
}

function accepts(secret: string, { headers, body }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

/** What arrives at the sink of a new event, attempted until it is accepted. */
async function receivedAfter(failures: number): Promise<Received[]> {
  const before = (await sinkRequests(shop.sink)).length;
  if (failures > 0) await scriptSink(shop.sink, { status: 500, times: failures });
  const endpoint = await findWebhookEndpoint(shop.database, shop.workspace.id, id);
  const deliveryIds = endpoint ? await waitingFor(endpoint, 1) : [];
  for (let made = 0; made <= failures; made++) {
    await attempt(deliveryIds);
    // Standard Webhooks compares with the present time.
    if (made < failures) passTime(12_000);
  }
  const received = (await sinkRequests(shop.sink)).slice(before);
  expect(received).toHaveLength(failures + 1);
  return received;
}

describe('rotating a secret', () => {
  it('answers a new one at once, and until when the one before is valid', async () => {
    const before = await readEndpoint(shop, id);
    const database = countingD1(env);
    const answer = await callWith(database.bindings, shop.key, 'POST', `/webhook-endpoints/${id}/rotate-secret`);
    const rotated = await expectRotated(answer);
    expect(database.counts.roundTrips).toBe(3);
    expect(rotated.secret).not.toBe(original);
    expect(rotated.previous_valid_until).toBe(toRfc3339(Date.now() + 7 * DAY));
    expect({ ...(await readEndpoint(shop, id)), updated_at: before.updated_at }).toEqual(before);
    expect(await auditOf(shop, id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.rotate_secret']);
  });

  it('lets both secrets verify, and simple verifiers of either by the second attempt', async () => {
    const { secret } = await expectRotated(await rotate());
    const received = await receivedAfter(1);
    for (const request of received) {
      for (const held of [original, secret]) expect(accepts(held, request)).toBe(true);
    }
    for (const held of [original, secret]) {
      const byLast = await Promise.all(received.map((request) => acceptsByLast(held, request)));
      expect(byLast.filter(Boolean)).toHaveLength(1);
    }
  });

  it('lets the old secret go after 7 days, and can then be done again', async () => {
    const first = await expectRotated(await rotate());
    passTime(7 * DAY - 1000);
    await expectError(await rotate(), 409, 'rotation_in_progress');
    const [last] = await receivedAfter(0);
    expect(last && accepts(original, last)).toBe(true);
    passTime(1000);
    const [next] = await receivedAfter(0);
    expect(next && [accepts(original, next), accepts(first.secret, next)]).toEqual([false, true]);
    const second = await expectRotated(await rotate());
    expect(new Set([original, first.secret, second.secret]).size).toBe(3);
    const [both] = await receivedAfter(0);
    expect(both && [accepts(original, both), accepts(first.secret, both), accepts(second.secret, both)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('is refused within the 7 days, with the time that it lasts, and nothing changes', async () => {
    const { previous_valid_until } = await expectRotated(await rotate());
    const row = await rowOf(id);
    passTime(60_000);
    for (const body of [undefined, {}, { force: false }, { force: null }]) {
      const error = await expectError(await rotate(body), 409, 'rotation_in_progress');
      expect(error.message).toContain(previous_valid_until);
      expect(error.message).toContain('force');
    }
    expect(await rowOf(id)).toEqual(row);
  });

  it('by force drops the oldest: the present one becomes the one before', async () => {
    const first = await expectRotated(await rotate());
    passTime(60_000);
    const second = await expectRotated(await rotate({ force: true }));
    expect(second.previous_valid_until).toBe(toRfc3339(Date.now() + 7 * DAY));
    const [request] = await receivedAfter(0);
    const verdicts = [original, first.secret, second.secret].map((secret) => request && accepts(secret, request));
    expect(verdicts).toEqual([false, true, true]);
  });

  it.each([['true'], [1], ['yes'], [[]]])('refuses force: %j', async (force) => {
    await expectFaults(shop, () => rotate({ force }), ['force']);
  });

  it('is possible for a disabled endpoint', async () => {
    const other = await newEndpoint(shop);
    await callWith({}, shop.key, 'PATCH', `/webhook-endpoints/${other.id}`, { status: 'disabled' });
    const { secret } = await expectRotated(await act(shop, other.id, 'rotate-secret'));
    expect(secret).not.toBe(other.secret);
    expect((await readEndpoint(shop, other.id)).status).toBe('disabled');
  });
});

describe('rotating a secret twice at once', () => {
  it.each([[{}], [{ force: true }]])('with %j and different keys: one is done, the other is 409', async (body) => {
    // Both read the endpoint before either writes.
    const answers = await Promise.all(Array.from({ length: 6 }, (_, index) => rotate(body, `rotation-${index}`)));
    const done = answers.filter(({ status }) => status === 200);
    const secrets = await Promise.all(done.map((answer) => expectRotated(answer)));
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      await expectError(answer, 409, 'rotation_in_progress');
    }
    expect(done.length).toBeGreaterThan(0);
    if (!('force' in body)) expect(done).toHaveLength(1);
    const audit = await auditOf(shop, id);
    expect(audit.filter((action) => action === 'webhook_endpoint.rotate_secret')).toHaveLength(done.length);
    const [request] = await receivedAfter(0);
    const valid = secrets.filter(({ secret }) => request && accepts(secret, request));
    expect(valid).toHaveLength(Math.min(2, done.length));
  });

  it('the one that read before the other wrote is 409, even by force', async () => {
    const path = `/webhook-endpoints/${id}/rotate-secret`;
    let first: Response | undefined;
    let trips = 0;
    const database = interruptedD1(env, 3, async () => {
      trips += 1;
      first = await rotate({}, 'rotation-1');
    });
    const second = await callWith(
      database,
      shop.key,
      'POST',
      path,
      { force: true },
      { 'Idempotency-Key': 'rotation-2' },
    );
    expect(trips).toBe(1);
    await expectError(second, 409, 'rotation_in_progress');
    if (!first) throw new Error('The first rotation did not run');
    const { secret } = await expectRotated(first);
    const [request] = await receivedAfter(0);
    expect(request && [accepts(secret, request), accepts(original, request)]).toEqual([true, true]);
  });

  it('under one key is one rotation, and equal answers', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => rotate({}, 'rotation-1')));
    const secrets = await Promise.all(answers.map((answer) => expectRotated(answer)));
    expect(new Set(secrets.map(({ secret }) => secret)).size).toBe(1);
    expect(await auditOf(shop, id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.rotate_secret']);
  });
});

describe('a rotation whose answer was lost', () => {
  it.each(['before', 'after'] as const)('because the database was, %s it was written, is found again', async (when) => {
    const path = `/webhook-endpoints/${id}/rotate-secret`;
    const key = { 'Idempotency-Key': 'rotation-1' };
    const lost = await callWith(failingD1(env, 3, when), shop.key, 'POST', path, { force: true }, key);
    await expectError(lost, 503, 'service_unavailable');
    passTime(60_000);
    const rotated = await expectRotated(await rotate({ force: true }, 'rotation-1'));
    const since = when === 'after' ? -60_000 : 0;
    expect(rotated.previous_valid_until).toBe(toRfc3339(Date.now() + since + 7 * DAY));
    expect(await auditOf(shop, id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.rotate_secret']);
    const [request] = await receivedAfter(0);
    expect(request && [accepts(rotated.secret, request), accepts(original, request)]).toEqual([true, true]);
  });
});
