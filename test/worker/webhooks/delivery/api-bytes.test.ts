import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { callWith } from '../../support/api.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { type DeliveryAnswer, deliveryAnswer, expectPage, seedDeliveries, seedEvents } from '../../support/events.ts';
import { notingD1 } from '../../support/rows-read.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const KEPT = 8192;

/** An endpoint whose every answer was this text. */
async function talkative(deliveries: number, attempts: number, answer: string) {
  const shop = await newWorkspace({ webhook: false });
  const endpoint = await addEndpointRow(shop);
  const ids = await seedDeliveries(shop, endpoint.id, await seedEvents(shop, deliveries), { attempts, answer });
  return { shop, endpointId: endpoint.id, newestFirst: ids.reverse() };
}

async function walk(shop: TestWorkspace, endpointId: string, query: string) {
  const pages: { readonly data: DeliveryAnswer[]; readonly bytes: number }[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = `/webhook-endpoints/${endpointId}/deliveries?${query}${cursor && `&cursor=${cursor}`}`;
    const response: Response = await callWith({}, shop.key, 'GET', path);
    const bytes = (await response.clone().arrayBuffer()).byteLength;
    const { data, meta }: Awaited<ReturnType<typeof expectPage<typeof deliveryAnswer>>> = await expectPage(
      deliveryAnswer,
      response,
    );
    expect(meta.has_more).toBe(meta.next_cursor !== null);
    pages.push({ data, bytes });
    cursor = meta.next_cursor;
  }
  return pages;
}

describe('a page of deliveries with long answers', () => {
  it.each([
    ['text', 'x'.repeat(KEPT), 100, 4],
    ['characters that JSON writes with six', '\u0001'.repeat(KEPT), 20, 1],
    ['characters of three bytes', '\u20ac'.repeat(KEPT), 30, 2],
  ])('of %s stays below 2 MB, and shows those of the newest deliveries', async (_, answer, count, shown) => {
    const { shop, endpointId, newestFirst } = await talkative(count, 20, answer);
    const [page, ...more] = await walk(shop, endpointId, 'limit=100');
    expect(more).toEqual([]);
    expect(page?.bytes).toBeLessThanOrEqual(2_000_000);
    expect(page?.data.map(({ id }) => id)).toEqual(newestFirst);
    for (const [index, { attempts }] of (page?.data ?? []).entries()) {
      const expected = index < shown ? answer : null;
      expect(attempts.map(({ response_body }) => response_body)).toEqual(Array(20).fill(expected));
    }
  });

  it('of one delivery shows every answer, on page after page, by cursor and by offset', async () => {
    const { shop, endpointId, newestFirst } = await talkative(6, 20, '\u0001'.repeat(KEPT));
    const byCursor = (await walk(shop, endpointId, 'limit=1')).flatMap(({ data }) => data);
    expect(byCursor.map(({ id }) => id)).toEqual(newestFirst);
    for (const { attempts } of byCursor)
      expect(attempts.every(({ response_body }) => response_body !== null)).toBe(true);
    const last = await callWith({}, shop.key, 'GET', `/webhook-endpoints/${endpointId}/deliveries?limit=2&offset=4`);
    expect((await expectPage(deliveryAnswer, last)).data.map(({ id }) => id)).toEqual(newestFirst.slice(4));
  });

  it('is read from the database no longer than it is answered', async () => {
    const { shop, endpointId } = await talkative(40, 20, 'x'.repeat(KEPT));
    const noting = notingD1(env);
    await callWith(noting.bindings, shop.key, 'GET', `/webhook-endpoints/${endpointId}/deliveries?limit=100`);
    expect(await noting.bytesRead()).toBeLessThanOrEqual(1_000_000);
  });
});

describe('the failed deliveries of an endpoint', () => {
  it('are found at once, however many have arrived since', async () => {
    const shop = await newWorkspace({ webhook: false });
    const endpoint = await addEndpointRow(shop);
    const [first, ...others] = await seedEvents(shop, 300);
    const failed = await seedDeliveries(shop, endpoint.id, first ? [first] : []);
    await seedDeliveries(shop, endpoint.id, others, { status: 'succeeded' });
    const noting = notingD1(env);
    const path = `/webhook-endpoints/${endpoint.id}/deliveries?status=failed`;
    const response = await callWith(noting.bindings, shop.key, 'GET', path);
    expect((await expectPage(deliveryAnswer, response)).data.map(({ id }) => id)).toEqual(failed);
    expect(await noting.rowsRead()).toBeLessThanOrEqual(12);
  });
});
