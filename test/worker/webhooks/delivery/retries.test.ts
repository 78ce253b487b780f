import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attempt, attemptsOf, deliveryRow, freezeTime, passTime } from '../../support/deliveries.ts';
import { paidQuietly } from '../../support/payments.ts';
import { scriptSink, sinkRequests } from '../../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Seconds between the attempts, as published: 10 s, 1 m, 5 m, 15 m, 1 h, 2 h, 4 h, 8 h, 8 h. */
const LADDER = [10, 60, 300, 900, 3600, 7200, 14_400, 28_800, 28_800];

let shop: TestWorkspace;
let id: string;

beforeEach(async () => {
  freezeTime();
  shop = await newWorkspace();
  const { deliveryIds } = await paidQuietly(shop);
  id = deliveryIds[0] ?? '';
});

afterEach(() => {
  vi.useRealTimers();
});

/** The seconds from now to the next attempt, as the row has it. */
async function secondsToNext(): Promise<number> {
  return (Number((await deliveryRow(id)).next_attempt_at) - Date.now()) / 1000;
}

describe('An answer', () => {
  it.each([200, 201, 202, 204, 299])('of %i is delivered', async (status) => {
    await scriptSink(shop.sink, { status });
    const { acked, sent } = await attempt([id]);
    expect([acked, sent]).toEqual([['message-0'], []]);
    expect(await deliveryRow(id)).toMatchObject({
      status: 'succeeded',
      attempt_count: 1,
      next_attempt_at: null,
      claim: null,
    });
    expect(await attemptsOf(id)).toMatchObject([{ number: 1, status_code: status, error: null, at: Date.now() }]);
  });

  it.each([300, 301, 302, 303, 304, 307, 308, 400, 401, 404, 409, 429, 500, 503, 599])(
    'of %i is tried again',
    async (status) => {
      await scriptSink(shop.sink, { status });
      const { acked, retried, sent } = await attempt([id]);
      expect([acked, retried]).toEqual([['message-0'], []]);
      expect(await deliveryRow(id)).toMatchObject({ status: 'pending', attempt_count: 1, claim: null });
      const seconds = await secondsToNext();
      expect(seconds).toBeGreaterThanOrEqual(10);
      expect(seconds).toBeLessThanOrEqual(10.2);
      expect(sent).toEqual([{ deliveryId: id, delaySeconds: Math.ceil(seconds) }]);
      const body = status === 304 ? '' : '{"received":false}';
      expect(await attemptsOf(id)).toMatchObject([
        { number: 1, status_code: status, response_body: body, duration_ms: expect.any(Number) },
      ]);
    },
  );
});

describe('The ladder', () => {
  it('is ten attempts within a day, then the delivery has failed', async () => {
    await scriptSink(shop.sink, { status: 500 });
    const began = Date.now();
    for (const [index, step] of LADDER.entries()) {
      const { sent } = await attempt([id]);
      const row = await deliveryRow(id);
      expect(row).toMatchObject({ status: 'pending', attempt_count: index + 1 });
      const seconds = await secondsToNext();
      expect(seconds).toBeGreaterThanOrEqual(step);
      expect(seconds).toBeLessThanOrEqual(step * 1.02);
      expect(sent).toEqual([{ deliveryId: id, delaySeconds: Math.ceil(seconds) }]);
      vi.setSystemTime(Number(row.next_attempt_at));
    }
    const { sent, acked } = await attempt([id]);
    expect([acked, sent]).toEqual([['message-0'], []]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', attempt_count: 10, next_attempt_at: null });
    expect(Date.now() - began).toBeLessThan(DAY);
    expect((await attemptsOf(id)).map((one) => one.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await sinkRequests(shop.sink)).toHaveLength(10);

    passTime(HOUR);
    await attempt([id]);
    expect(await sinkRequests(shop.sink)).toHaveLength(10);
  });

  it('ends with the day, however few attempts there were', async () => {
    await scriptSink(shop.sink, { status: 500 });
    passTime(DAY);
    const { sent } = await attempt([id]);
    expect(sent).toEqual([]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', attempt_count: 1, next_attempt_at: null });
  });

  it('stops with the first success, and starts nothing again', async () => {
    await scriptSink(shop.sink, { status: 500, times: 2 });
    for (let time = 0; time < 4; time++) {
      await attempt([id]);
      passTime(HOUR);
    }
    expect(await sinkRequests(shop.sink)).toHaveLength(3);
    expect(await deliveryRow(id)).toMatchObject({ status: 'succeeded', attempt_count: 3 });
  });
});

describe("The receiver's Retry-After", () => {
  it('is honoured where it is longer than the step', async () => {
    await scriptSink(shop.sink, { status: 503, retry_after: 120 });
    const { sent } = await attempt([id]);
    expect(await secondsToNext()).toBe(120);
    expect(sent).toEqual([{ deliveryId: id, delaySeconds: 120 }]);
  });

  it('may be a date', async () => {
    const at = Math.ceil(Date.now() / 1000) * 1000 + 600_000;
    await scriptSink(shop.sink, { status: 503, retry_after: new Date(at).toUTCString() });
    await attempt([id]);
    expect(await secondsToNext()).toBeGreaterThanOrEqual(599);
    expect(await secondsToNext()).toBeLessThanOrEqual(601);
  });

  it.each([
    ['is shorter than the step', 1],
    ['is negative', -5],
    ['is nonsense', 'soon'],
    ['is empty', ''],
  ])('changes nothing where it %s', async (_what, retryAfter) => {
    await scriptSink(shop.sink, { status: 503, retry_after: retryAfter });
    await attempt([id]);
    expect(await secondsToNext()).toBeGreaterThanOrEqual(10);
    expect(await secondsToNext()).toBeLessThanOrEqual(10.2);
  });

  it('beyond the day is brought to its end, for one last attempt', async () => {
    await scriptSink(shop.sink, { status: 503, retry_after: 999_999 });
    const { created_at: createdAt } = await deliveryRow(id);
    const { sent } = await attempt([id]);
    expect((await deliveryRow(id)).next_attempt_at).toBe(Number(createdAt) + DAY);
    // The platform holds a message for twelve hours at most: the row keeps the time, and an early message changes nothing.
    expect(sent).toEqual([{ deliveryId: id, delaySeconds: 43_200 }]);

    vi.setSystemTime(Number(createdAt) + DAY);
    await attempt([id]);
    expect(await deliveryRow(id)).toMatchObject({ status: 'failed', attempt_count: 2 });
  });
});
