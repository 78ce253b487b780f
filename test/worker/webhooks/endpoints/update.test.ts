import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callWith, expectError } from '../../support/api.ts';
import { failingD1, interruptedD1 } from '../../support/counting.ts';
import { attempt, deliveryRow, setEndpoint } from '../../support/deliveries.ts';
import { addEndpointRow, waitingFor } from '../../support/endpoint-rows.ts';
import { sinkRequests, sinkUrl } from '../../support/simulator.ts';
import {
  auditOf,
  type Body,
  expectEndpoint,
  expectFaults,
  newEndpoint,
  patchEndpoint,
  readEndpoint,
  rowOf,
  writtenBy,
} from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const FULL = { events: ['webhook.ping'], description: 'Orders', metadata: { team: 'shop' } };
const DISABLED_BY_OWNER = 'Disabled by the workspace.';

let shop: TestWorkspace;
beforeEach(async () => {
  shop = await newWorkspace();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Time stands still, but for what is given. Answers the moment as the API writes it. */
function clock(seconds: number): string {
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(1_900_000_000_000 + seconds * 1000);
  return `${new Date(1_900_000_000_000 + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

async function fullEndpoint() {
  const { secret: _secret, sink: _sink, ...endpoint } = await newEndpoint(shop, FULL);
  return endpoint;
}

describe('updating a webhook endpoint', () => {
  const alone: [Body, Body?][] = [
    [{ url: 'https://hooks.yoursite.com/other' }],
    [{ events: ['*'] }],
    [{ events: ['payments.payment.succeeded', 'payments.payment.refunded'] }],
    [{ description: 'Another' }],
    [{ description: '' }],
    [{ description: null }],
    [{ metadata: { team: 'billing', more: '' } }],
    [{ metadata: {} }],
    [{ metadata: null }, { metadata: {} }],
    [{ status: 'disabled' }, { status: 'disabled', disabled_reason: DISABLED_BY_OWNER }],
  ];
  it.each(alone)('by %j changes that and nothing else', async (sent, expected = sent) => {
    clock(0);
    const endpoint = await fullEndpoint();
    const secrets = await rowOf(endpoint.id);
    const updated_at = clock(60);
    const changed = await expectEndpoint(await patchEndpoint(shop, endpoint.id, sent));
    expect(changed).toEqual({ ...endpoint, ...expected, updated_at });
    expect(await readEndpoint(shop, endpoint.id)).toEqual(changed);
    expect((await rowOf(endpoint.id)).sealed_secret).toBe(secrets.sealed_secret);
    const action = sent.status === 'disabled' ? 'webhook_endpoint.disable' : 'webhook_endpoint.update';
    expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.create', action]);
  });

  const nothing: Body[] = [
    {},
    FULL,
    { status: 'enabled' },
    { id: 'we_x', secret: 'whsec_x', tenant_id: 'x', disabled_reason: 'x', created_at: '2001-01-01T00:00:00Z', x: [] },
  ];
  it.each(nothing)('by %j, which is no change, answers it as it is and writes nothing', async (sent) => {
    clock(0);
    const endpoint = await fullEndpoint();
    clock(60);
    const before = await writtenBy(shop);
    expect(await expectEndpoint(await patchEndpoint(shop, endpoint.id, sent))).toEqual(endpoint);
    expect(await writtenBy(shop)).toEqual(before);
  });

  const wrong: [string, Body, string[]][] = [
    ['null where nothing can be cleared', { url: null, events: null, status: null }, ['url', 'events', 'status']],
    ['a status that there is not', { status: 'paused' }, ['status']],
    ['a status in other letters', { status: 'Disabled' }, ['status']],
    ['no event types', { events: [] }, ['events']],
    ['an unknown type', { events: ['payments.payment.succeeded', 'x'] }, ['events.1']],
    ['metadata that is not flat', { metadata: { a: [] } }, ['metadata.a']],
    ['a long description', { description: '\u{1F4B3}'.repeat(251) }, ['description']],
    [
      'all faults at once',
      { url: 'x', events: 1, description: 1, metadata: 1, status: 1 },
      ['url', 'events', 'description', 'metadata', 'status'],
    ],
  ];
  it.each(wrong)('is refused for %s', async (_, sent, paths) => {
    const endpoint = await fullEndpoint();
    await expectFaults(shop, () => patchEndpoint(shop, endpoint.id, { ...sent, x: 1 }), paths);
  });

  it('lets changes of different members at the same time all stand', async () => {
    const endpoint = await fullEndpoint();
    const changes = [
      { url: 'https://hooks.yoursite.com/other' },
      { events: ['*'] },
      { description: null },
      { metadata: { a: 'b' } },
    ];
    const answers = await Promise.all(changes.map((sent) => patchEndpoint(shop, endpoint.id, sent)));
    for (const answer of answers) await expectEndpoint(answer);
    expect(await readEndpoint(shop, endpoint.id)).toMatchObject(Object.assign({}, ...changes));
  });

  it('is 404 where it was deleted in between, and done once where the answer was lost', async () => {
    const deleted = await fullEndpoint();
    const remove = () => callWith({}, shop.key, 'DELETE', `/webhook-endpoints/${deleted.id}`).then(() => undefined);
    const sent = { description: 'Another' };
    const gone = await callWith(
      interruptedD1(env, 3, remove),
      shop.key,
      'PATCH',
      `/webhook-endpoints/${deleted.id}`,
      sent,
    );
    await expectError(gone, 404, 'not_found');

    const kept = await fullEndpoint();
    const path = `/webhook-endpoints/${kept.id}`;
    const key = { 'Idempotency-Key': 'update-1' };
    const lost = await callWith(failingD1(env, 3, 'after'), shop.key, 'PATCH', path, sent, key);
    await expectError(lost, 503, 'service_unavailable');
    expect(await expectEndpoint(await callWith({}, shop.key, 'PATCH', path, sent, key))).toMatchObject(sent);
    expect(await auditOf(shop, kept.id)).toEqual(['webhook_endpoint.create', 'webhook_endpoint.update']);
  });
});

describe('another url', () => {
  it('is where the deliveries that wait go to, signed with the secret there was, and the failures are forgotten', async () => {
    const endpoint = await addEndpointRow(shop, { failingSince: Date.now() - 1000 });
    const ids = await waitingFor(endpoint, 1);
    const sink = `sink-${crypto.randomUUID()}`;
    await expectEndpoint(await patchEndpoint(shop, endpoint.id, { url: sinkUrl(sink) }));
    expect(await rowOf(endpoint.id)).toMatchObject({ failing_since: null, sealed_secret: endpoint.sealedSecret });
    await attempt(ids);
    expect(await sinkRequests(endpoint.sink)).toEqual([]);
    expect(await sinkRequests(sink)).toHaveLength(1);
  });

  it('of a disabled endpoint leaves since when it failed: enabling it sends what failed', async () => {
    const failingSince = Date.now() - 1000;
    const endpoint = await addEndpointRow(shop, { failingSince, status: 'disabled', disabledAt: Date.now() });
    await expectEndpoint(await patchEndpoint(shop, endpoint.id, { url: 'https://hooks.yoursite.com/other' }));
    expect(await rowOf(endpoint.id)).toMatchObject({ failing_since: failingSince });
  });
});

describe('the status of an endpoint', () => {
  it('disabled by its owner: what waits fails unsent, and its present value is no change', async () => {
    const endpoint = await addEndpointRow(shop);
    const ids = await waitingFor(endpoint, 1);
    clock(0);
    const disabled = await expectEndpoint(await patchEndpoint(shop, endpoint.id, { status: 'disabled' }));
    expect(await rowOf(endpoint.id)).toMatchObject({ status: 'disabled', disabled_at: Date.now() });
    clock(60);
    expect(await expectEndpoint(await patchEndpoint(shop, endpoint.id, { status: 'disabled' }))).toEqual(disabled);
    await attempt(ids);
    expect(await deliveryRow(ids[0])).toMatchObject({ status: 'failed', attempt_count: 0 });
    expect(await sinkRequests(endpoint.sink)).toEqual([]);
  });

  it('is not set to enabled here, and the answer says where', async () => {
    const endpoint = await addEndpointRow(shop, { status: 'disabled', disabledAt: Date.now(), disabledReason: 'x' });
    const change = { status: 'enabled', description: 'Another' };
    await expectFaults(shop, () => patchEndpoint(shop, endpoint.id, change), ['status']);
    const error = await expectError(await patchEndpoint(shop, endpoint.id, change), 400, 'validation_failed');
    expect(error.message).toContain(`POST /webhook-endpoints/${endpoint.id}/enable`);
  });

  it('keeps the reason that the service gave when other members change', async () => {
    const own = await newWorkspace();
    const reason = 'The endpoint answered 410 Gone.';
    await setEndpoint(own, { status: 'disabled', disabled_reason: reason, disabled_at: 1 });
    const { id } = await newEndpoint(own);
    expect(await readEndpoint(own, id)).toMatchObject({ status: 'enabled' });
    const [row] = (await writtenBy(own))[0] ?? [];
    const changed = await expectEndpoint(await patchEndpoint(own, String(row?.id), { description: 'Another' }));
    expect(changed).toMatchObject({ status: 'disabled', disabled_reason: reason, description: 'Another' });
  });
});
