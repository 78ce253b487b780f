import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, createRequests, rowsOf } from '../support/api.ts';
import { endAfter, range } from '../support/crashing.ts';
import { createKeyed, expectOneSession } from '../support/keyed.ts';
import { deliverStripeEvents, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Ends the Worker after each of these steps in turn, half a minute apart. Answers how many it began each time. */
async function endAll(shop: TestWorkspace, crashes: readonly number[], body: unknown): Promise<number[]> {
  const startedAt = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  const begun: number[] = [];
  for (const [index, steps] of crashes.entries()) {
    vi.setSystemTime(startedAt + index * 31_000);
    begun.push(await endAfter(steps, (bindings) => createKeyed(shop, { body, bindings })));
  }
  vi.setSystemTime(startedAt + crashes.length * 31_000);
  return begun;
}

/** After these crashes, lets a retry through: there is one session, and the next try is its replay. */
async function surviveAll(crashes: readonly number[], body: (shop: TestWorkspace) => Promise<unknown>): Promise<void> {
  const shop = await newWorkspace({ webhook: false });
  const sent = await body(shop);
  await endAll(shop, crashes, sent);
  const session = await expectOneSession(shop, await createKeyed(shop, { body: sent }));
  const replayed = await createKeyed(shop, { body: sent });
  expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
  expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ id: session.id }]);
  vi.useRealTimers();
}

async function stepsTaken(crashes: readonly number[], body: (shop: TestWorkspace) => Promise<unknown>) {
  const shop = await newWorkspace({ webhook: false });
  const taken = await endAll(shop, [...crashes, 100], await body(shop));
  vi.useRealTimers();
  return taken.at(-1);
}

const adHoc = async () => SESSION;
const byLink = async (shop: TestWorkspace) => ({ ...SESSION, payment_link_token: (await shop.link()).token });

/**
 * What a Worker that ends after a step leaves, and the steps of the retry. Only after another state can a second crash end
 * otherwise, and only after a step of the retry that writes; its first step reads the key.
 *
 * | ends after | left | retry |
 * | --- | --- | --- |
 * | 1, the key is read | nothing | as the first try |
 * | 2, the gate is asked | an operation that has begun | 6: it looks for its row first |
 * | 3, Stripe is asked | a session at Stripe, no row | 6: the same, and Stripe gives the same session |
 * | 4, the row is written | both, no stored answer | 5: it is found here, and Stripe repeats its answer |
 * | 5, the gate stores the answer | all of it | 2: a replay |
 */
const STATES = [
  { after: 2, retry: 6 },
  { after: 3, retry: 6 },
  { after: 4, retry: 5 },
  { after: 5, retry: 2 },
] as const;

describe('a Worker that ends at any step of creating a session', () => {
  it('takes five steps, six with a payment link, and a retry those that are left', async () => {
    expect(await stepsTaken([], adHoc)).toBe(5);
    expect(await stepsTaken([], byLink)).toBe(6);
    const retries = [];
    for (const { after } of STATES) retries.push({ after, retry: await stepsTaken([after], adHoc) });
    expect(retries).toEqual(STATES);
  });

  for (const steps of range(0, 6)) {
    it(`(after step ${steps}) leaves a retry that yields one session and one row`, async () => {
      await surviveAll([steps], adHoc);
      await surviveAll([steps], byLink);
    });
  }

  for (const { after, retry } of STATES) {
    it(`(after step ${after}), and again at any step of its retry, still yields one`, async () => {
      for (const second of range(2, retry)) await surviveAll([after, second], adHoc);
    });
  }

  for (const { after } of STATES.filter(({ after }) => after > 2)) {
    it(`(after step ${after}), and whose session is then paid, leaves a retry that yields the paid session`, async () => {
      for (const isReported of [false, true]) {
        const shop = await newWorkspace({ webhook: false });
        await endAll(shop, [after], SESSION);
        const [made] = await stripeSessions(accountOf(shop.account));
        await pay(String(made?.id), 'paid');
        if (isReported) await deliverStripeEvents(accountOf(shop.account));
        const session = await expectOneSession(shop, await createKeyed(shop));
        expect(session).toMatchObject({ stripe_session_id: made?.id, status: 'created', url: made?.url });
        const keys = new Set((await createRequests(shop.account)).map(({ idempotency_key }) => idempotency_key));
        expect(keys.size).toBe(1);
        vi.useRealTimers();
      }
    });
  }

  it('three times over still yields one', async () => {
    for (const third of range(2, 6)) {
      await surviveAll([3, 2, third], adHoc);
      await surviveAll([2, 2, third], adHoc);
    }
  });
});
