import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { type BindingChanges, losingQueue, runCron } from '../support/direct.ts';
import { newLink, patchLink } from '../support/links.ts';
import { heldEvents } from '../support/payments.ts';
import { expectPlace, expectSoldOut } from '../support/places.ts';
import { pay, type SignedEvent } from '../support/simulator.ts';
import { deliveriesOf, tell, toldTo } from '../support/told.ts';
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

/** So many sessions of the link, paid at Stripe; what Stripe tells of each. */
async function paidPlaces(shop: TestWorkspace, token: string, count: number): Promise<SignedEvent[]> {
  const told: SignedEvent[] = [];
  for (let place = 0; place < count; place++) {
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'paid');
    told.push(...(await heldEvents(shop, 'checkout.session.completed')));
  }
  expect(told).toHaveLength(count);
  return told;
}

/** The limits that were told as reached, each with one delivery, and with the mark on the link and its audit entry. */
async function expectReached(shop: TestWorkspace, ...limits: number[]): Promise<void> {
  const told = await toldTo(shop, EXHAUSTED);
  expect(told.map(({ data }) => data.max_payments)).toEqual(limits);
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
  it('is told once where five come at once', async () => {
    const { shop, token } = await limited(5);
    const told = await paidPlaces(shop, token, 5);
    await Promise.all([...told, ...told].map((event) => tell([event])));
    await expectReached(shop, 5);
    expect(await toldTo(shop, 'payments.payment.succeeded')).toHaveLength(5);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });

  it('is not told as long as a place is left, held or expired', async () => {
    const { shop, token } = await limited(3);
    const told = await paidPlaces(shop, token, 2);
    const open = await expectPlace(shop, token);
    await tell(told);
    await expectSoldOut(shop, token);
    await expectReached(shop);
    await pay(open.stripe_session_id, 'expired');
    await tell(await heldEvents(shop));
    await expectReached(shop);
    expect(await soldOutAt(shop)).toBeNull();
  });

  it('is told again after the limit was raised and is reached again', async () => {
    const { shop, token } = await limited(1);
    const first = await paidPlaces(shop, token, 1);
    await tell(first);
    await expectReached(shop, 1);
    await patchLink(shop, token, { max_payments: 3 });
    expect(await soldOutAt(shop)).toBeNull();
    await tell([...first, ...first]);
    await expectReached(shop, 1);
    await tell(await paidPlaces(shop, token, 2));
    await expectReached(shop, 1, 3);
    await expectSoldOut(shop, token);
    await expectReached(shop, 1, 3);
  });

  it('is not told where the limit is raised while it is settled', async () => {
    const { shop, token } = await limited(1);
    const told = await paidPlaces(shop, token, 1);
    let raised = false;
    const gate = wrapNamespace(env.LINK_GATE, async (method, call) => {
      const answer = await call();
      if (method === 'markPaid' && !raised) {
        raised = true;
        await patchLink(shop, token, { max_payments: 2 });
      }
      return answer;
    });
    await tell(told, { LINK_GATE: gate });
    expect(raised).toBe(true);
    await expectReached(shop);
    expect(await soldOutAt(shop)).toBeNull();
    await tell(await paidPlaces(shop, token, 1));
    await expectReached(shop, 2);
  });

  it('is told by the cron where every Stripe event is lost', async () => {
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
  it('to what is paid already is told as reached at once, and not to more', async () => {
    const { shop, token } = await limited(5);
    await tell(await paidPlaces(shop, token, 2));
    await patchLink(shop, token, { max_payments: 3 });
    await expectReached(shop);
    expect(await soldOutAt(shop)).toBeNull();
    await patchLink(shop, token, { max_payments: 2 });
    await expectReached(shop, 2);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
    await patchLink(shop, token, { max_payments: 2, title: 'Desk lamp' });
    await expectSoldOut(shop, token);
    expect((await toldTo(shop, EXHAUSTED)).map(({ data }) => data.max_payments)).toEqual([2]);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });

  it('to less than is paid, or set for the first time, is told as reached at once', async () => {
    const shop = await newWorkspace();
    const { id } = await newLink(shop, { title: 'Lamp', currency: 'gbp', amount_cents: 5000 });
    await tell(await paidPlaces(shop, id, 2));
    await patchLink(shop, id, { max_payments: 1 });
    await expectReached(shop, 1);
  });
});

describe('Where the gate of the link cannot be told', () => {
  it('the cron comes back to the last payment until it can', async () => {
    freezeTime();
    quiet();
    const { shop, token } = await limited(2);
    const [first, last] = await paidPlaces(shop, token, 2);
    if (!first || !last) throw new Error('Two sessions were paid');
    await tell([first]);
    expect(await tell([last], { LINK_GATE: gateMissing('markPaid', 1) })).toEqual([200]);
    await expectReached(shop);
    expect((await toldTo(shop, 'payments.payment.succeeded')).length).toBe(2);

    passTime(6 * MINUTE);
    await cron({ LINK_GATE: gateMissing('markPaid', Number.POSITIVE_INFINITY) });
    await expectReached(shop);
    passTime(60 * MINUTE);
    await cron();
    await expectReached(shop, 2);
    const payments = await rowsOf('payments', shop.workspace.id);
    expect(payments.map((row) => row.next_check_at)).toEqual([null, null]);
    passTime(24 * 60 * MINUTE);
    await cron();
    await expectReached(shop, 2);
    await expectSoldOut(shop, token);
  });

  it('of an earlier payment, the end is told when it has heard of all', async () => {
    freezeTime();
    quiet();
    const { shop, token } = await limited(2);
    const [first, last] = await paidPlaces(shop, token, 2);
    if (!first || !last) throw new Error('Two sessions were paid');
    await tell([first], { LINK_GATE: gateMissing('markPaid', 1) });
    await tell([last]);
    await expectReached(shop);
    // Stripe's own repetition heals it as well as the cron.
    await tell([first]);
    await expectReached(shop, 2);
    expect((await rowsOf('payments', shop.workspace.id)).map((row) => row.next_check_at)).toEqual([null, null]);
  });

  it('of an expired session, its place comes back with the cron', async () => {
    freezeTime();
    quiet();
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'expired');
    await tell(await heldEvents(shop), { LINK_GATE: gateMissing('freeEnded', 1) });
    await expectSoldOut(shop, token);
    passTime(6 * MINUTE);
    await cron();
    await expectPlace(shop, token);
  });

  it('a payment still processing is looked at again all the same', async () => {
    const { shop, token } = await limited(1);
    const session = await expectPlace(shop, token);
    await pay(session.stripe_session_id, 'processing');
    const told = await heldEvents(shop);
    await tell([...told, ...told, ...told]);
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(row).toMatchObject({ status: 'processing', next_check_at: expect.any(Number) });
  });
});

describe('A link whose mark is missing', () => {
  it('is told by whoever comes next', async () => {
    const { shop, token } = await limited(1);
    await tell(await paidPlaces(shop, token, 1));
    await expectReached(shop, 1);
    // As it was left by a version that did not tell.
    const own = 'WHERE workspace_id = ?';
    await env.DB.batch([
      env.DB.prepare(`UPDATE payment_links SET sold_out_at = NULL ${own}`).bind(shop.workspace.id),
      env.DB.prepare(`DELETE FROM events WHERE type = '${EXHAUSTED}' AND workspace_id = ?`).bind(shop.workspace.id),
      env.DB.prepare(`DELETE FROM deliveries ${own}`).bind(shop.workspace.id),
      env.DB.prepare(`DELETE FROM audit_log ${own}`).bind(shop.workspace.id),
    ]);
    await Promise.all([expectSoldOut(shop, token), expectSoldOut(shop, token)]);
    await expectSoldOut(shop, token);
    await expectReached(shop, 1);
    expect(await soldOutAt(shop)).toEqual(expect.any(Number));
  });
});
