import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { endAfter, range } from '../support/crashing.ts';
import { heldEvents, sendAll } from '../support/payments.ts';
import { askRefund, expectOneRefund, type PaidSession, paidSession } from '../support/refunds.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;
const key = 'refund-1042';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/**
 * What a Worker that ends after a step leaves, and the steps of the retry. Only after another state can a second crash end
 * otherwise, and only after a step of the retry that writes; its first step reads the key.
 *
 * | ends after | left | retry |
 * | --- | --- | --- |
 * | 1, the key is read | nothing | as the first try |
 * | 2, the gate is asked; 3, the payment is read | an operation that has begun | 8: it looks at Stripe first |
 * | 4, Stripe is asked | a refund at Stripe, no row | 7: it is found there |
 * | 5, the rows are written; 6, the refund is read | both, no stored answer | 5: it is found here |
 * | 7, the gate stores the answer | all of it | 2: a replay |
 */
const STATES = [
  { after: 2, retry: 8 },
  { after: 4, retry: 7 },
  { after: 5, retry: 5 },
  { after: 7, retry: 2 },
] as const;

describe('a Worker that ends at any step of a refund', () => {
  /** Ends the Worker after each of these steps in turn, half a minute apart. Answers how many it began each time. */
  async function endAll(shop: TestWorkspace, { id }: PaidSession, crashes: readonly number[], body: unknown) {
    const startedAt = Date.now();
    vi.useFakeTimers({ toFake: ['Date'] });
    const begun: number[] = [];
    for (const [index, steps] of crashes.entries()) {
      vi.setSystemTime(startedAt + index * 31_000);
      begun.push(await endAfter(steps, (bindings) => askRefund(shop, id, body, { key, bindings })));
    }
    vi.setSystemTime(startedAt + crashes.length * 31_000);
    return begun;
  }

  /** After these crashes, lets a retry through: there is one refund, and the next try is its replay. */
  async function surviveAll(crashes: readonly number[], body: unknown): Promise<void> {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await endAll(shop, payment, crashes, body);
    await expectOneRefund(shop, payment, await askRefund(shop, payment.id, body, { key }));
    const replayed = await askRefund(shop, payment.id, body, { key });
    expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
    vi.useRealTimers();
  }

  const all = {};
  const part = { amount_cents: 3000, reason: 'Damaged' };

  const stepsTaken = async (...crashes: number[]) => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const taken = await endAll(shop, payment, [...crashes, 100], all);
    vi.useRealTimers();
    return taken.at(-1);
  };

  it('takes seven steps, and a retry those that are left', async () => {
    expect(await stepsTaken()).toBe(7);
    const retries = [];
    for (const { after } of STATES) retries.push({ after, retry: await stepsTaken(after) });
    expect(retries).toEqual(STATES);
  });

  for (const steps of range(0, 7)) {
    it(`(after step ${steps}) leaves a retry that yields one refund`, async () => {
      await surviveAll([steps], all);
      await surviveAll([steps], part);
    });
  }

  for (const { after, retry } of STATES) {
    it(`(after step ${after}), and again at any step of its retry, still yields one`, async () => {
      for (const second of range(2, retry)) await surviveAll([after, second], all);
    });
  }

  it('three times over still yields one', async () => {
    for (const third of range(2, 8)) await surviveAll([3, 4, third], part);
    for (const third of range(2, 7)) await surviveAll([2, 5, third], part);
  });
});

describe("a refund whose row is written by Stripe's event", () => {
  it('while its request waits for the answer, names the key that asked, once', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    stripeOf(async (request, real) => {
      const answer = await real(request);
      if (request.method === 'POST') await sendAll(await heldEvents(shop));
      return answer;
    });
    await expectOneRefund(shop, payment, await askRefund(shop, payment.id));
  });

  it('after its request was cut off, names the key that asked, once its retry is answered', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await endAfter(4, (bindings) => askRefund(shop, payment.id, {}, { key, bindings }));
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('refunds', shop.workspace.id)).toHaveLength(1);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
    await expectOneRefund(shop, payment, await askRefund(shop, payment.id, {}, { key }));
  });
});
