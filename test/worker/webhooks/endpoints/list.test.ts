import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { newWebhookEndpointId } from '../../../../src/core/ids.ts';
import { callWith, expectError, footprint } from '../../support/api.ts';
import { countingD1, countingNamespace } from '../../support/counting.ts';
import { endpointRow } from '../../support/deliveries.ts';
import { newEndpoint, readEndpoint, writtenBy } from '../../support/webhook-endpoints.ts';
import { call, newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const listAnswer = z.strictObject({
  data: z.array(z.looseObject({ id: z.string(), description: z.string().nullable() })),
  meta: z.strictObject({
    limit: z.int(),
    offset: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
});

async function list(shop: TestWorkspace, query = '') {
  const response = await call(shop.key, 'GET', `/webhook-endpoints${query}`);
  const text = await response.text();
  expect(response.status, text).toBe(200);
  return listAnswer.parse(JSON.parse(text));
}

/** Endpoints "1" to "<count>", all made in the same millisecond or one after the other. */
async function fill(shop: TestWorkspace, count: number): Promise<void> {
  for (let made = 1; made <= count; made++) await newEndpoint(shop, { description: String(made) });
}

describe('the list of webhook endpoints', () => {
  it('is empty at first', async () => {
    expect(await list(await newWorkspace({ webhook: false }))).toEqual({
      data: [],
      meta: { limit: 50, offset: 0, has_more: false, next_cursor: null },
    });
  });

  it('has the endpoints as they are read alone, newest first, without their secrets', async () => {
    const shop = await newWorkspace({ webhook: false });
    await fill(shop, 3);
    await shop.binding
      .prepare('UPDATE webhook_endpoints SET created_at = created_at + 1000 * description WHERE workspace_id = ?')
      .bind(shop.workspace.id)
      .run();
    const page = await list(shop, '?limit=50&offset=0');
    expect(page.data.map(({ description }) => description)).toEqual(['3', '2', '1']);
    for (const item of page.data) expect(item).toEqual(await readEndpoint(shop, item.id));
    expect(JSON.stringify(page)).not.toMatch(/secret|whsec_/);
  });

  it('is the same by cursor, by offset and at once, also where all are of one moment', async () => {
    const shop = await newWorkspace({ webhook: false });
    await fill(shop, 7);
    await shop.binding
      .prepare('UPDATE webhook_endpoints SET created_at = 1747131240000 WHERE workspace_id = ? AND description > 3')
      .bind(shop.workspace.id)
      .run();
    const all = (await list(shop)).data;
    expect(all).toHaveLength(7);
    const byOffset = await Promise.all([0, 3, 6, 7].map((offset) => list(shop, `?limit=3&offset=${offset}`)));
    expect(byOffset.flatMap(({ data }) => data)).toEqual(all);
    expect(byOffset.map(({ meta }) => meta.has_more)).toEqual([true, true, false, false]);
    const byCursor = [];
    let query = '?limit=3';
    for (let pages = 0; pages < 4 && query !== ''; pages++) {
      const { data, meta } = await list(shop, query);
      byCursor.push(...data);
      query = meta.next_cursor === null ? '' : `?limit=3&cursor=${meta.next_cursor}`;
    }
    expect(byCursor).toEqual(all);
    expect(query).toBe('');
  });

  it.each([
    ['?limit=0', ['limit']],
    ['?limit=101&offset=-1', ['limit', 'offset']],
    ['?limit=ten&cursor=x', ['limit', 'cursor']],
    ['?cursor=t0-we_0aaaaaaaaaaaaaaaaaaaaaaaaaa-0000', ['cursor']],
    ['?cursor=c10000', ['cursor']],
  ])('refuses %s', async (query, paths) => {
    const shop = await newWorkspace();
    const answer = await call(shop.key, 'GET', `/webhook-endpoints${query}`);
    const error = await expectError(answer, 400, 'validation_failed');
    expect(error.details?.map(({ path }) => path)).toEqual(paths);
  });

  it('costs two round trips to the database, and so does one endpoint', async () => {
    const shop = await newWorkspace();
    const { id } = await endpointRow(shop);
    for (const path of ['/webhook-endpoints', `/webhook-endpoints/${id}`]) {
      const database = countingD1(env);
      const gate = countingNamespace(env.WORKSPACE_GATE);
      const answer = await callWith({ ...database.bindings, WORKSPACE_GATE: gate }, shop.key, 'GET', path);
      expect(answer.status).toBe(200);
      expect(database.counts).toMatchObject({ roundTrips: 2, changes: 0 });
      expect(gate.calls).toEqual(['admit']);
    }
  });
});

describe('an endpoint of nobody, of another workspace or of the other mode', () => {
  it('is the same 404 on every route, is in no list, and nothing of it changes', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace({ mode: 'sandbox', pairOf: live });
    const stranger = await newWorkspace({ mode: 'live' });
    const ids = [
      ...(await Promise.all([sandbox, stranger].map(endpointRow))).map(({ id }) => String(id)),
      ...[newWebhookEndpointId('0'), newWebhookEndpointId('z'), String((await endpointRow(live)).id).toUpperCase()],
      ...['we_', 'x', '%00', '%27%20OR%201=1', '1', 'x'.repeat(5000)],
    ];
    const before = await Promise.all(
      [live, sandbox, stranger].map((shop) => Promise.all([footprint(shop), writtenBy(shop)])),
    );
    const answers = new Set<string>();
    for (const id of ids) {
      for (const [method, path, body] of [
        ['GET', '', undefined],
        ['PATCH', '', { description: 'Stolen' }],
        ['PATCH', '', {}],
        ['DELETE', '', undefined],
        ['POST', '/rotate-secret', { force: true }],
        ['POST', '/ping', undefined],
        ['POST', '/enable', {}],
      ] as const) {
        const response = await call(live.key, method, `/webhook-endpoints/${id}${path}`, body);
        answers.add(JSON.stringify(await expectError(response, 404, 'not_found')));
      }
    }
    expect(answers.size).toBe(1);
    expect((await list(live)).data.map(({ id }) => id)).toEqual([(await endpointRow(live)).id]);
    expect(
      await Promise.all([live, sandbox, stranger].map((shop) => Promise.all([footprint(shop), writtenBy(shop)]))),
    ).toEqual(before);
  });
});
