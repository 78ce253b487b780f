import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { type Crash, crashesUpTo, runUntil } from '../support/crashing.ts';
import { createKeyed, expectOneSession } from '../support/keyed.ts';
import { newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A Worker that ends at this step of creating a session. */
const crashCreating = (shop: TestWorkspace, body: unknown, crash: Crash) =>
  runUntil(crash, (bindings) => createKeyed(shop, { body, bindings }));

/** Ends the Worker at each of these crashes in turn, half a minute apart; then lets a retry through. */
async function surviveAll(crashes: readonly Crash[], body: (shop: TestWorkspace) => Promise<unknown>): Promise<void> {
  const shop = await newWorkspace({ webhook: false });
  const sent = await body(shop);
  const startedAt = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  for (const [index, crash] of crashes.entries()) {
    vi.setSystemTime(startedAt + index * 31_000);
    await crashCreating(shop, sent, crash);
  }
  vi.setSystemTime(startedAt + crashes.length * 31_000);
  const session = await expectOneSession(shop, await createKeyed(shop, { body: sent }));
  const replayed = await createKeyed(shop, { body: sent });
  expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([201, 'true']);
  expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ id: session.id }]);
  vi.useRealTimers();
}

const adHoc = async () => SESSION;
const byLink = async (shop: TestWorkspace) => ({ ...SESSION, payment_link_token: (await shop.link()).token });

describe('a Worker that ends at any step of creating a session', () => {
  it('takes five steps, six with a payment link', async () => {
    const never: Crash = { step: 100, when: 'before' };
    const shop = await newWorkspace({ webhook: false });
    expect(await crashCreating(shop, SESSION, never)).toBe(5);
    const other = await newWorkspace({ webhook: false });
    expect(await crashCreating(other, await byLink(other), never)).toBe(6);
  });

  for (const crash of crashesUpTo(6)) {
    it(`(${crash.when} step ${crash.step}) leaves a retry that yields one session and one row`, async () => {
      await surviveAll([crash], adHoc);
      await surviveAll([crash], byLink);
    });
  }

  for (const first of crashesUpTo(5)) {
    it(`(${first.when} step ${first.step}), and again at any step of its retry, still yields one`, async () => {
      for (const second of crashesUpTo(6)) await surviveAll([first, second], adHoc);
    });
  }

  it('three times over still yields one', async () => {
    const lost: Crash = { step: 3, when: 'after' };
    const unsent: Crash = { step: 3, when: 'before' };
    for (const second of crashesUpTo(8)) {
      await surviveAll([lost, unsent, second], adHoc);
      await surviveAll([unsent, unsent, second], adHoc);
    }
  });
});
