import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { interruptedD1, wrapNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { type BindingChanges, losingQueue, runCron } from '../support/direct.ts';
import { newLink, patchLink } from '../support/links.ts';
import { deliveriesOf, eventsOf, sendQuietly } from '../support/merchant-events.ts';
import { heldEvents } from '../support/payments.ts';
import { expectPlace, expectSoldOut } from '../support/places.ts';
import { pay, type SignedEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const EXHAUSTED = 'payments.link.exhausted';
const MINUTE = 60_000;

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function limited(max_payments: number) {
  const shop = await newWorkspace();
  const { id } = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000, max_payments });
  return { shop, token: id };
}

/** The Stripe events of so many sessions of the link, paid at Stripe. */
async function paidPlaces(shop: TestWorkspace, token: string, count: number): Promise<SignedEvent[]> {
  const settling: SignedEvent[] = [];
  for (let place = 0; place < count; place++) {
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'paid');
    settling.push(...(await heldEvents(shop, 'checkout.session.completed')));
  }
  expect(settling).toHaveLength(count);
  return settling;
}

/** The limits that were recorded as reached, each with one delivery, and with the mark on the link and its audit entry. */
async function expectReached(shop: TestWorkspace, ...limits: number[]): Promise<void> {
  const reached = await eventsOf(shop, EXHAUSTED);
  expect(reached.map(({ data }) => data.max_payments)).toEqual(limits);
  expect(await deliveriesOf(shop, EXHAUSTED)).toHaveLength(limits.length);
  const audit = await rowsOf('audit_log', shop.workspace.id);
  expect(audit.filter(({ action }) => action === 'payment_link.sold_out')).toHaveLength(limits.length);
}

async function soldOutAt(shop: TestWorkspace): Promise<unknown> {
  return (await rowsOf('payment_links', shop.workspace.id))[0]?.sold_out_at;
}

/** The gate of links, whose first `times` calls of a method never arrive. */
function gateMissing(method: string, times: number) {
  let missed = 0;
  return wrapNamespace(env.LINK_GATE, async (called, call) => {
    if (called !== method || missed === times) return await call();
    missed += 1;
    throw new Error('Network connection lost.');
  });
}

const quiet = () => vi.spyOn(console, 'warn').mockImplementation(() => undefined);

const cron = (changes: BindingChanges = {}) =>
  runCron({ DELIVERIES: losingQueue(), RETRIES: losingQueue(), ...changes });

describe('The last payment of a link', () => {
  it('is recorded once where five come at once', async () => {
    const { shop, token } = await limited(5);
    const settling = await paidPlaces(shop, token, 5);
    await Promise.all([...settling, ...settling].map((event) => sendQuietly([event])));
    await expectReached(shop, 5);
    expect(await eventsOf(shop, 'payments.payment.succeeded')).toHaveLength(5);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });

  it('is not recorded as long as a place is left, held or expired', async () => {
    const { shop, token } = await limited(3);
    const settling = await paidPlaces(shop, token, 2);
    const open = await expectPlace(shop, token);
    await sendQuietly(settling);
    await expectSoldOut(shop, token);
    await expectReached(shop);
    await pay(open.stripe_session_id, 'expired');
    await sendQuietly(await heldEvents(shop));
    await expectReached(shop);
    expect(await soldOutAt(shop)).toBeNull();
  });

  it('is recorded again after the limit was raised and is reached again', async () => {
    const { shop, token } = await limited(1);
    const first = await paidPlaces(shop, token, 1);
    await sendQuietly(first);
    await expectReached(shop, 1);
    await patchLink(shop, token, { max_payments: 3 });
    expect(await soldOutAt(shop)).toBeNull();
    await sendQuietly([...first, ...first]);
    await expectReached(shop, 1);
    await sendQuietly(await paidPlaces(shop, token, 2));
    await expectReached(shop, 1, 3);
    await expectSoldOut(shop, token);
    await expectReached(shop, 1, 3);
  });

  it('is not recorded where the limit is raised while it is settled', async () => {
    const { shop, token } = await limited(1);
    const settling = await paidPlaces(shop, token, 1);
    let raised = false;
    const databases = interruptedD1(env, 2, async () => {
      raised = true;
      await patchLink(shop, token, { max_payments: 2 });
    });
    await sendQuietly(settling, databases);
    expect(raised).toBe(true);
    await expectReached(shop);
    expect(await soldOutAt(shop)).toBeNull();
    await sendQuietly(await paidPlaces(shop, token, 1));
    await expectReached(shop, 2);
  });

  it.each([null, 5])(
    'is recorded once where its limit is changed from %s at any moment of its settlement',
    async (before) => {
      const tried: number[] = [];
      for (let roundTrip = 1; roundTrip <= 5; roundTrip++) {
        const shop = await newWorkspace();
        const link = { title: 'Lamp', currency: 'gbp', amount_cents: 5000, max_payments: before };
        const { id: token } = await newLink(shop, link);
        const settling = await paidPlaces(shop, token, 1);
        const databases = interruptedD1(env, roundTrip, async () => {
          tried.push(roundTrip);
          await patchLink(shop, token, { max_payments: 1 });
        });
        await sendQuietly(settling, databases);
        if (!tried.includes(roundTrip)) continue;
        await expectReached(shop, 1);
        expect(await soldOutAt(shop)).toEqual(expect.any(Number));
      }
      expect(tried.length).toBeGreaterThanOrEqual(2);
    },
  );

  it('is recorded by the cron where every Stripe event is lost', async () => {
    freezeTime();
    const { shop, token } = await limited(2);
    await paidPlaces(shop, token, 2);
    passTime(6 * MINUTE);
    await cron();
    await expectReached(shop, 2);
    passTime(6 * MINUTE);
    await cron();
    await expectReached(shop, 2);
  });
});

describe('A limit that is lowered', () => {
  it('to what is paid already is recorded as reached at once, and not to more', async () => {
    const { shop, token } = await limited(5);
    await sendQuietly(await paidPlaces(shop, token, 2));
    await patchLink(shop, token, { max_payments: 3 });
    await expectReached(shop);
    expect(await soldOutAt(shop)).toBeNull();
    await patchLink(shop, token, { max_payments: 2 });
    await expectReached(shop, 2);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
    await patchLink(shop, token, { max_payments: 2, title: 'Desk lamp' });
    await expectSoldOut(shop, token);
    expect((await eventsOf(shop, EXHAUSTED)).map(({ data }) => data.max_payments)).toEqual([2]);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });

  it('by ten requests at once is recorded as reached once', async () => {
    const { shop, token } = await limited(5);
    await sendQuietly(await paidPlaces(shop, token, 2));
    const lowered = await Promise.all(Array.from({ length: 10 }, () => patchLink(shop, token, { max_payments: 2 })));
    expect(lowered.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    await expectReached(shop, 2);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });

  it('is recorded each time, also if it is a limit that was reached before', async () => {
    const { shop, token } = await limited(2);
    await sendQuietly(await paidPlaces(shop, token, 2));
    await patchLink(shop, token, { max_payments: 5 });
    await patchLink(shop, token, { max_payments: 2 });
    await expectReached(shop, 2, 2);
    const ids = (await eventsOf(shop, EXHAUSTED)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(2);
  });

  it('to less than is paid, or set for the first time, is recorded as reached at once', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000 });
    await sendQuietly(await paidPlaces(shop, id, 2));
    await patchLink(shop, id, { max_payments: 1 });
    await expectReached(shop, 1);
  });
});

describe('Where the gate of the link cannot be reached', () => {
  it('the last payment is recorded all the same, and its place is not given to another buyer', async () => {
    freezeTime();
    quiet();
    const { shop, token } = await limited(2);
    const settling = await paidPlaces(shop, token, 2);
    const gate = gateMissing('markPaid', Number.POSITIVE_INFINITY);
    expect(await sendQuietly(settling, { LINK_GATE: gate })).toEqual([200, 200]);
    await expectReached(shop, 2);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
    await expectSoldOut(shop, token);
    passTime(36 * MINUTE);
    expect(await expectSoldOut(shop, token)).toContain('All its payments are made');
    await expectReached(shop, 2);
  });

  it('when a session expires, the cron frees its place', async () => {
    freezeTime();
    quiet();
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'expired');
    await sendQuietly(await heldEvents(shop), { LINK_GATE: gateMissing('freeEnded', 1) });
    await expectSoldOut(shop, token);
    passTime(6 * MINUTE);
    await cron();
    await expectPlace(shop, token);
  });

  it('a payment that is still processing is checked again all the same', async () => {
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'processing');
    const settling = await heldEvents(shop);
    await sendQuietly([...settling, ...settling, ...settling]);
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row).toMatchObject({ status: 'processing', next_check_at: expect.any(Number) });
  });
});

describe('A link whose mark is missing', () => {
  it('is recorded by whoever comes next', async () => {
    const { shop, token } = await limited(1);
    await sendQuietly(await paidPlaces(shop, token, 1));
    await expectReached(shop, 1);
    // As it was left by a version that recorded nothing.
    const own = 'WHERE workspace_id = ?';
    await shop.binding.batch([
      shop.binding.prepare(`UPDATE payment_links SET sold_out_at = NULL ${own}`).bind(shop.workspace.id),
      shop.binding
        .prepare(`DELETE FROM events WHERE type = '${EXHAUSTED}' AND workspace_id = ?`)
        .bind(shop.workspace.id),
      shop.binding.prepare(`DELETE FROM deliveries ${own}`).bind(shop.workspace.id),
      shop.binding.prepare(`DELETE FROM audit_log ${own}`).bind(shop.workspace.id),
    ]);
    await Promise.all([expectSoldOut(shop, token), expectSoldOut(shop, token)]);
    await expectSoldOut(shop, token);
    await expectReached(shop, 1);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });
});
