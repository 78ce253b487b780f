import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { EVENT_DATA } from '../../../../src/domain/webhooks/event-schemas.ts';
import { callWith, expectError, rowsOf } from '../../support/api.ts';
import { countingD1, failingD1 } from '../../support/counting.ts';
import { everything } from '../../support/payments.ts';
import {
  auditOf,
  type Body,
  expectFaults,
  expectNewEndpoint,
  newEndpoint,
  postEndpoint,
  readEndpoint,
  rowOf,
  writtenBy,
} from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const URL_ = 'https://hooks.yoursite.com/softsolz';
const KEY = { 'Idempotency-Key': 'endpoint-1' };

let shop: TestWorkspace;
beforeAll(async () => {
  shop = await newWorkspace();
});

describe('a new webhook endpoint', () => {
  it('needs no more than a url', async () => {
    const { secret, ...endpoint } = await expectNewEndpoint(await postEndpoint(shop, { url: URL_ }));
    expect(endpoint).toMatchObject({
      url: URL_,
      events: ['*'],
      description: null,
      metadata: {},
      status: 'enabled',
      disabled_reason: null,
    });
    expect(endpoint.updated_at).toBe(endpoint.created_at);
    expect(await readEndpoint(shop, endpoint.id)).toEqual(endpoint);
    expect(await auditOf(shop, endpoint.id)).toEqual(['webhook_endpoint.create']);
    expect(secret).not.toBe((await expectNewEndpoint(await postEndpoint(shop, { url: URL_ }))).secret);
  });

  it('takes every member, and every event type', async () => {
    const own = await newWorkspace();
    const sent = {
      url: `${URL_}?of=shop#1`,
      events: Object.keys(EVENT_DATA),
      description: `Orders\n${'\u{1F4B3}'.repeat(243)}`,
      metadata: {
        ...Object.fromEntries(Array.from({ length: 39 }, (_, index) => [`key ${index}`, ''])),
        ['k'.repeat(40)]: 'v'.repeat(500),
      },
    };
    const { secret: _, ...endpoint } = await expectNewEndpoint(await postEndpoint(own, sent));
    expect(endpoint).toMatchObject(sent);
    expect(await readEndpoint(own, endpoint.id)).toEqual(endpoint);
  });

  it('takes null for what it may leave out', async () => {
    const sent = { url: URL_, events: null, description: null, metadata: null };
    const endpoint = await expectNewEndpoint(await postEndpoint(shop, sent));
    expect(endpoint).toMatchObject({ events: ['*'], description: null, metadata: {} });
  });

  it('never applies what is not its to say', async () => {
    const other = await newWorkspace();
    const before = await writtenBy(other);
    const sent = {
      ...{
        url: URL_,
        id: 'we_0aaaaaaaaaaaaaaaaaaaaaaaaaa',
        tenant_id: other.workspace.id,
        workspaceId: other.workspace.id,
      },
      ...{
        secret: 'whsec_x',
        status: 'disabled',
        disabled_reason: 'x',
        created_at: '2001-01-01T00:00:00Z',
        livemode: true,
      },
    };
    const endpoint = await expectNewEndpoint(await postEndpoint(shop, sent));
    expect(endpoint).toMatchObject({ status: 'enabled', disabled_reason: null });
    expect([endpoint.id, endpoint.secret, endpoint.created_at]).not.toContain(sent.id);
    expect(endpoint.secret).not.toBe(sent.secret);
    expect(await rowOf(endpoint.id)).toMatchObject({ workspace_id: shop.workspace.id });
    expect(await writtenBy(other)).toEqual(before);
  });

  it('leaves its secret nowhere in the database', async () => {
    const { id, secret } = await newEndpoint(shop);
    const dump = JSON.stringify(await everything());
    expect(dump).toContain(id);
    expect(dump).not.toContain(secret.slice('whsec_'.length));
    expect(dump).not.toContain('whsec_');
  });

  it('costs two round trips to the database, the key included', async () => {
    const database = countingD1(env);
    const own = await newWorkspace();
    await expectNewEndpoint(await callWith(database.bindings, own.key, 'POST', '/webhook-endpoints', { url: URL_ }));
    expect(database.counts.roundTrips).toBe(2);
  });
});

/** A change of an endpoint, in a workspace of its own. */
async function patchFirst(body: Body): Promise<Response> {
  const own = await newWorkspace({ webhook: false });
  const { id } = await newEndpoint(own);
  return await callWith({}, own.key, 'PATCH', `/webhook-endpoints/${id}`, body);
}

describe('a webhook endpoint is refused', () => {
  const wrong: [string, Body, string[]][] = [
    ['no url', {}, ['url']],
    ['a url of null', { url: null }, ['url']],
    ['a url that is no text', { url: 7 }, ['url']],
    ['no event types', { url: URL_, events: [] }, ['events']],
    ['events that are no list', { url: URL_, events: '*' }, ['events']],
    ['an object of events', { url: URL_, events: { 0: '*' } }, ['events']],
    ['events that are no text', { url: URL_, events: [1] }, ['events.0']],
    ['an unknown type', { url: URL_, events: ['payments.payment.succeeded', 'payments.*'] }, ['events.1']],
    ['a type in other letters', { url: URL_, events: ['PAYMENTS.PAYMENT.SUCCEEDED', ' *'] }, ['events.0', 'events.1']],
    ['* beside types', { url: URL_, events: ['*', 'payments.payment.succeeded'] }, ['events.0']],
    ['a type twice', { url: URL_, events: ['webhook.ping', 'webhook.ping'] }, ['events.1']],
    ['* twice', { url: URL_, events: ['*', '*'] }, ['events.0', 'events.1']],
    ['a long description', { url: URL_, description: 'x'.repeat(251) }, ['description']],
    ['control characters', { url: URL_, description: 'a\u0000b' }, ['description']],
    ['text direction characters', { url: URL_, description: 'a\u202eb' }, ['description']],
    ['a description that is no text', { url: URL_, description: ['x'] }, ['description']],
    ['metadata that is no object', { url: URL_, metadata: ['a'] }, ['metadata']],
    ['metadata of text', { url: URL_, metadata: 'a' }, ['metadata']],
    [
      'metadata that is not flat',
      { url: URL_, metadata: { a: { b: 'c' }, d: 1, e: null } },
      ['metadata.a', 'metadata.d', 'metadata.e'],
    ],
    ['a metadata key of 41', { url: URL_, metadata: { ['k'.repeat(41)]: '' } }, [`metadata.${'k'.repeat(41)}`]],
    ['a metadata key of none', { url: URL_, metadata: { '': 'x' } }, ['metadata.']],
    ['a metadata value of 501', { url: URL_, metadata: { a: 'v'.repeat(501) } }, ['metadata.a']],
    ['a metadata value with control characters', { url: URL_, metadata: { a: '\u0007' } }, ['metadata.a']],
    [
      'all its faults at once',
      { url: 'http://x', events: [], description: 1, metadata: 1 },
      ['url', 'events', 'description', 'metadata'],
    ],
  ];
  it.each(wrong)('for %s', async (_, body, paths) => {
    await expectFaults(shop, () => postEndpoint(shop, body), paths);
  });

  it.each([
    ['unknown types', 'x'],
    ['one known type', 'webhook.ping'],
    ['no text', 1],
    ['lists', []],
  ])('for 4,000 entries of %s with one fault, which names the types', async (_, entry) => {
    const body = { url: URL_, events: Array.from({ length: 4000 }, () => entry) };
    for (const request of [() => postEndpoint(shop, body), () => patchFirst(body)]) {
      const response = await request();
      const size = (await response.clone().arrayBuffer()).byteLength;
      const { details } = await expectError(response, 400, 'validation_failed');
      expect(details?.map(({ path }) => path)).toEqual(['events']);
      expect(details?.[0]?.message).toContain('payments.payment.succeeded, ');
      expect(size).toBeLessThan(3000);
    }
  });

  it('for thousands of faulty metadata keys with the first 50 faults, and for a name of 10,000 characters with its start', async () => {
    const keys = Object.fromEntries(Array.from({ length: 4000 }, (_, index) => [`[${index}]`, index]));
    const many = await expectError(await postEndpoint(shop, { url: URL_, metadata: keys }), 400, 'validation_failed');
    expect(many.details).toHaveLength(50);
    const long = { [`${'x'.repeat(10_000)}`]: 1 };
    const response = await postEndpoint(shop, { url: URL_, metadata: long });
    expect((await response.clone().arrayBuffer()).byteLength).toBeLessThan(3000);
    const { details } = await expectError(response, 400, 'validation_failed');
    expect(details?.map(({ path }) => path.slice(0, 12))).toEqual(['metadata.xxx']);
  });

  it('for 41 metadata keys, and for __proto__ among them', async () => {
    const many = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`k${index}`, 'v']));
    await expectFaults(shop, () => postEndpoint(shop, { url: URL_, metadata: many }), ['metadata']);
    const proto = JSON.parse(`{"url":"${URL_}","metadata":{"__proto__":"x","constructor":"y"}}`);
    await expectFaults(shop, () => postEndpoint(shop, proto), ['metadata.__proto__']);
  });
});

describe('the limit of 20 endpoints', () => {
  it('holds against 50 at once, and says what to do', async () => {
    const own = await newWorkspace({ webhook: false });
    const answers = await Promise.all(Array.from({ length: 50 }, () => postEndpoint(own, { url: URL_ })));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(20);
    for (const refused of answers.filter(({ status }) => status !== 201)) {
      const error = await expectError(refused, 409, 'limit_reached');
      expect(error.message).toContain('20');
      expect(error.message).toContain('Delete');
    }
    const rows = await rowsOf('webhook_endpoints', own.workspace.id);
    expect(rows).toHaveLength(20);
    const audit = await rowsOf('audit_log', own.workspace.id);
    expect(audit.filter(({ action }) => action === 'webhook_endpoint.create')).toHaveLength(20);
  });

  it('is of each workspace by itself, and free again after a deletion', async () => {
    const live = await newWorkspace({ mode: 'live', webhook: false });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live, webhook: false });
    for (let made = 0; made < 20; made++) await newEndpoint(live);
    const last = await newEndpoint(sandbox);
    const headers = { 'Idempotency-Key': 'the-21st' };
    await expectError(await postEndpoint(live, { url: URL_ }, headers), 409, 'limit_reached');
    const [row] = await rowsOf('webhook_endpoints', live.workspace.id);
    expect((await callWith({}, live.key, 'DELETE', `/webhook-endpoints/${row?.id}`)).status).toBe(204);
    await expectNewEndpoint(await postEndpoint(live, { url: URL_ }, headers));
    await expectError(await postEndpoint(live, { url: URL_ }), 409, 'limit_reached');
    expect((await readEndpoint(sandbox, last.id)).status).toBe('enabled');
  });
});

describe('creating with an Idempotency-Key', () => {
  it('makes one of 20 at once, and 20 equal answers', async () => {
    const own = await newWorkspace({ webhook: false });
    const answers = await Promise.all(Array.from({ length: 20 }, () => postEndpoint(own, { url: URL_ }, KEY)));
    const bodies = await Promise.all(answers.map((answer) => answer.clone().text()));
    expect(new Set(bodies).size).toBe(1);
    for (const answer of answers) await expectNewEndpoint(answer);
    expect(await rowsOf('webhook_endpoints', own.workspace.id)).toHaveLength(1);
  });

  for (const when of ['before', 'after'] as const) {
    it(`finds its endpoint and secret again when the database was lost ${when} it was written`, async () => {
      const own = await newWorkspace({ webhook: false });
      const broken = failingD1(env, 2, when);
      const lost = await callWith(broken, own.key, 'POST', '/webhook-endpoints', { url: URL_ }, KEY);
      await expectError(lost, 503, 'service_unavailable');
      const written = await rowsOf('webhook_endpoints', own.workspace.id);
      expect(written).toHaveLength(when === 'after' ? 1 : 0);
      await expectError(await postEndpoint(own, { url: `${URL_}/2` }, KEY), 409, 'idempotency_key_conflict');
      const resumed = await postEndpoint(own, { url: URL_ }, KEY);
      const endpoint = await expectNewEndpoint(resumed.clone());
      const rows = await rowsOf('webhook_endpoints', own.workspace.id);
      expect(rows.map(({ id }) => id)).toEqual([endpoint.id]);
      if (when === 'after') expect(rows).toEqual(written);
      expect(await auditOf(own, endpoint.id)).toEqual(['webhook_endpoint.create']);
      const replayed = await postEndpoint(own, { url: URL_ }, KEY);
      expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
      expect(await replayed.text()).toBe(await resumed.text());
    });
  }

  it('is resumed even where it made the twentieth', async () => {
    const own = await newWorkspace({ webhook: false });
    for (let made = 0; made < 19; made++) await newEndpoint(own);
    const broken = failingD1(env, 2, 'after');
    await callWith(broken, own.key, 'POST', '/webhook-endpoints', { url: URL_ }, KEY);
    const endpoint = await expectNewEndpoint(await postEndpoint(own, { url: URL_ }, KEY));
    expect((await rowsOf('webhook_endpoints', own.workspace.id)).at(-1)?.id).toBe(endpoint.id);
  });
});
