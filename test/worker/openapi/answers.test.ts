import { exports } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { rowsOf } from '../support/api.ts';
import { attempt } from '../support/deliveries.ts';
import { documented, OPENAPI } from '../support/documented.ts';
import { eventsOf, settledSession } from '../support/merchant-events.ts';
import { sinkRequests } from '../support/simulator.ts';
import { BASE, call, newWorkspace } from '../support/workspace.ts';

const ORIGIN = new URL(BASE).origin;
const LINKS = `${BASE}/payment-links`;

/** A list of links as the Worker answers it, with other headers, another status or another body. */
async function alteredList(change: {
  status?: number;
  body?: unknown;
  drop?: string;
  add?: readonly [string, string];
}) {
  const shop = await newWorkspace();
  const genuine = await call(shop.key, 'GET', '/payment-links');
  const headers = new Headers(genuine.headers);
  if (change.drop) headers.delete(change.drop);
  if (change.add) headers.set(...change.add);
  const body = change.body === undefined ? await genuine.text() : JSON.stringify(change.body);
  return new Response(body, { status: change.status ?? 200, headers });
}

describe('Every answer of the API in these tests is held to the OpenAPI document, which finds', () => {
  const meta = { limit: 50, offset: 0, has_more: false, next_cursor: null };
  const refusal = (code: string) => ({ error: { code, message: 'No.' } });

  it.each([
    ['a status that is not listed', { status: 418 }, 'answered 418', 'not listed'],
    [
      'a member that is not described',
      { body: { data: [], meta: { ...meta, total: 0 } } },
      'answered 200',
      '#/meta/total',
    ],
    ['a member that is missing', { body: { data: [] } }, 'answered 200', '/required'],
    [
      'a member of another type',
      { body: { data: [], meta: { ...meta, limit: '50' } } },
      'answered 200',
      '#/meta/limit',
    ],
    ['a code that is not listed', { status: 404, body: refusal('not_found') }, 'answered 404', 'not listed'],
    ['another code of the status', { status: 400, body: refusal('invalid_amount') }, 'answered 400', 'invalid_amount'],
    ['a header that is missing', { drop: 'X-RateLimit-Limit' }, 'answered 200', 'X-RateLimit-Limit is missing'],
    ['a header of ours that is not described', { add: ['Softsolz-New', '1'] }, 'answered 200', 'softsolz-new'],
    [
      'a header with another value',
      { add: ['X-RateLimit-Limit', 'many'] },
      'answered 200',
      'X-RateLimit-Limit is many',
    ],
  ] as const)('%s', async (_, change, answered, fault) => {
    const response = await alteredList({ ...change });
    const verdict = documented('GET', LINKS, response);
    await expect(verdict).rejects.toThrow(`GET /api/v1/services/payments/payment-links ${answered}`);
    await expect(verdict).rejects.toThrow(fault);
  });

  it('nothing in what the Worker answers', async () => {
    const response = await alteredList({});
    expect(await documented('GET', LINKS, response)).toBe(response);
  });
});

describe('An answer', () => {
  it('to a method that a path does not take is described once for all paths', async () => {
    const { key } = await newWorkspace({ webhook: false });
    const response = await call(key, 'PUT', '/payment-links', {});
    expect([response.status, response.headers.get('Allow')]).toEqual([405, 'GET, POST']);
  });

  it('to an unknown path has the body of every error', async () => {
    const { key } = await newWorkspace({ webhook: false });
    expect((await call(key, 'GET', '/nothing')).status).toBe(404);
  });

  it.each(['/health', '/health?deep=1'])('of %s needs no key, and is described too', async (path) => {
    const url = `${ORIGIN}${path}`;
    const response = await documented('GET', url, await exports.default.fetch(url));
    expect(response.status).toBe(200);
  });
});

describe('A webhook', () => {
  it('is sent with the headers and the body that the OpenAPI document describes', async () => {
    const shop = await newWorkspace();
    await settledSession(shop);
    const [event] = await eventsOf(shop, 'payments.payment.succeeded');
    for (const { id } of await rowsOf('deliveries', shop.workspace.id)) await attempt([String(id)]);
    const sent = await sinkRequests(shop.sink);
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([event]);
    const parameters = OPENAPI.members('/webhooks', String(event?.type), 'post', 'parameters');
    expect(parameters.length).toBeGreaterThan(0);
    for (const [, { pointer, value }] of parameters) {
      const { name } = z.looseObject({ name: z.string(), in: z.literal('header') }).parse(value);
      const text = sent[0]?.headers[name.toLowerCase()];
      expect(await OPENAPI.faultsOf(`${pointer}/schema`, text ?? null, 'closed'), `${name}: ${text}`).toEqual([]);
    }
  });
});
