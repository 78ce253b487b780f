import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Crash, crashesUpTo, runUntil } from '../support/crashing.ts';
import { askRefund, expectOneRefund, paidSession } from '../support/refunds.ts';
import { newWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;
const key = 'refund-1042';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('a Worker that ends at any step of a refund', () => {
  /** Ends the Worker at each of these crashes in turn, half a minute apart; then lets a retry through. */
  async function surviveAll(crashes: readonly Crash[], body: unknown): Promise<void> {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const startedAt = Date.now();
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const [index, crash] of crashes.entries()) {
      vi.setSystemTime(startedAt + index * 31_000);
      await runUntil(crash, (bindings) => askRefund(shop, payment.id, body, { key, bindings }));
    }
    vi.setSystemTime(startedAt + crashes.length * 31_000);
    await expectOneRefund(shop, payment, await askRefund(shop, payment.id, body, { key }));
    const replayed = await askRefund(shop, payment.id, body, { key });
    expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
    vi.useRealTimers();
  }

  const all = {};
  const part = { amount_cents: 3000, reason: 'Damaged' };

  it('takes seven steps', async () => {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    const never: Crash = { step: 100, when: 'before' };
    expect(await runUntil(never, (bindings) => askRefund(shop, payment.id, {}, { key, bindings }))).toBe(7);
  });

  for (const crash of crashesUpTo(7)) {
    it(`(${crash.when} step ${crash.step}) leaves a retry that yields one refund`, async () => {
      await surviveAll([crash], all);
      await surviveAll([crash], part);
    });

    it(`(${crash.when} step ${crash.step}), and again at any step of its retry, still yields one`, async () => {
      for (const second of crashesUpTo(8)) await surviveAll([crash, second], all);
    });
  }

  it('three times over still yields one', async () => {
    const [lost, unsent]: Crash[] = [
      { step: 4, when: 'after' },
      { step: 4, when: 'before' },
    ];
    for (const third of crashesUpTo(8)) {
      if (lost && unsent) await surviveAll([unsent, lost, third], part);
    }
  });
});
