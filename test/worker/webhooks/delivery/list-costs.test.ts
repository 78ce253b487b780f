import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { toRfc3339 } from '../../../../src/core/rfc3339.ts';
import { callWith } from '../../support/api.ts';
import { addEndpointRow } from '../../support/endpoint-rows.ts';
import { deliveryAnswer, expectPage, seedDeliveries, seedEvents } from '../../support/events.ts';
import { notingD1 } from '../../support/rows-read.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const NOON = Date.UTC(2026, 4, 19, 12);
const LIMIT = 50;
/** Of each delivery of a page: the row, its attempts, its event, and two steps of SQLite that add up the sizes of the attempts. */
const PAGE_ROWS = 5 * (LIMIT + 1) + 8;

let shop: TestWorkspace;
let endpointId: string;
let pending: string[];
let seeded = 0;

/** So many deliveries of the endpoint have succeeded, one each second from noon on. */
async function seedSucceeded(count: number): Promise<void> {
  const events = await seedEvents(shop, count - seeded, { at: NOON + seeded * 1000, stepMs: 1000 });
  await seedDeliveries(shop, endpointId, events, { status: 'succeeded' });
  seeded = count;
}

async function listed(query: string) {
  const noting = notingD1(env);
  const path = `/webhook-endpoints/${endpointId}/deliveries?limit=${LIMIT}&${query}`;
  const response = await callWith(noting.bindings, shop.key, 'GET', path);
  const { data, meta } = await expectPage(deliveryAnswer, response);
  return { ids: data.map(({ id }) => id), meta, rowsRead: await noting.rowsRead() };
}

beforeAll(async () => {
  shop = await newWorkspace({ webhook: false });
  endpointId = (await addEndpointRow(shop)).id;
  const events = await seedEvents(shop, 3, { at: NOON - 1000 });
  pending = (
    await seedDeliveries(shop, endpointId, events, { status: 'pending', nextAt: Date.now() + 300_000 })
  ).reverse();
  const stranger = await newWorkspace({ webhook: false });
  const theirs = (await addEndpointRow(stranger)).id;
  const waits = { status: 'pending', nextAt: Date.now() + 200_000 } as const;
  await seedDeliveries(stranger, theirs, await seedEvents(stranger, 10_000, { at: NOON }), waits);
}, 120_000);

describe.each([1_000, 10_000])('Of %i deliveries, while 10,000 of another workspace are pending,', (count) => {
  beforeAll(() => seedSucceeded(count), 120_000);

  it('the pending ones are found by reading only them', async () => {
    const { ids, meta, rowsRead } = await listed('status=pending');
    expect(ids).toEqual(pending);
    expect(meta.has_more).toBe(false);
    expect(rowsRead).toBeLessThanOrEqual(5 * pending.length + 8);
  });

  it.each([
    ['all statuses', ''],
    ['one status', 'status=succeeded'],
    ['a time range', `created_after=${toRfc3339(NOON + 100_000)}&created_before=${toRfc3339(NOON + 400_000)}`],
    ['a time range and a status', `status=succeeded&created_before=${toRfc3339(NOON + 400_000)}`],
  ])('a page of %s reads a few rows for each of its deliveries, and so does the next', async (_, query) => {
    const first = await listed(query);
    expect(first.ids).toHaveLength(LIMIT);
    expect(first.rowsRead).toBeLessThanOrEqual(PAGE_ROWS);
    const second = await listed(`${query}&cursor=${first.meta.next_cursor}`);
    expect(second.ids).toHaveLength(LIMIT);
    expect(second.ids.filter((id) => first.ids.includes(id))).toEqual([]);
    expect(second.rowsRead).toBeLessThanOrEqual(PAGE_ROWS);
    const third = await listed(`${query}&cursor=${second.meta.next_cursor}`);
    expect(third.rowsRead).toBeLessThanOrEqual(PAGE_ROWS);
  });

  it('the failed ones, of which there are none, are not looked for', async () => {
    const { ids, rowsRead } = await listed('status=failed');
    expect(ids).toEqual([]);
    expect(rowsRead).toBeLessThanOrEqual(8);
  });
});
