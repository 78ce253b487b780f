import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { eventOf, heldEvents, openSession, quarantined, readSession, sendAll } from '../support/payments.ts';
import { cron, MINUTE, setPayment, unpolledWorkspace } from '../support/polling.ts';
import { type PayOutcome, pay, stripeRequests } from '../support/simulator.ts';
import type { TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

async function row(shop: TestWorkspace, id: number): Promise<Record<string, unknown>> {
  const found = (await rowsOf('payments', shop.workspace.id)).find((payment) => payment.id === id);
  if (!found) throw new Error(`There is no payment ${id}`);
  return found;
}

/** When the session is due next, or a failure where it is never. */
async function untilDue(shop: TestWorkspace, id: number): Promise<void> {
  const { next_check_at: due } = await row(shop, id);
  expect(due).toBeGreaterThan(Date.now());
  vi.setSystemTime(Number(due));
}

/** What is left of a session in the database, without what differs from run to run. */
async function endState(shop: TestWorkspace, id: number) {
  const payment = await row(shop, id);
  const events = await rowsOf('events', shop.workspace.id);
  const sent = events.map((event) => {
    const { type, data } = JSON.parse(String(event.body));
    const ids = { payment_id: data.payment_id === id, stripe_payment_intent_id: typeof data.stripe_payment_intent_id };
    return { type, data: { ...data, ...ids, stripe_session_id: data.stripe_session_id === payment.stripe_session_id } };
  });
  const deliveries = await rowsOf('deliveries', shop.workspace.id);
  return {
    status: payment.status,
    checked: payment.next_check_at !== null,
    email: payment.customer_email,
    intent: typeof payment.stripe_payment_intent_id,
    sent,
    deliveries: deliveries.map((delivery) => events.some((event) => event.id === delivery.event_id)),
    history: JSON.parse(String(payment.history)).map(({ status }: { status: string }) => status),
  };
}

async function byEvents(steps: readonly PayOutcome[]) {
  const shop = await unpolledWorkspace();
  const session = await openSession(shop, { reference: '1042' });
  for (const step of steps) {
    await pay(session.stripe_session_id, step, 'ann@example.com');
    await sendAll(await heldEvents(shop));
  }
  return await endState(shop, session.id);
}

async function byCron(steps: readonly PayOutcome[]) {
  freezeTime();
  const shop = await unpolledWorkspace();
  const session = await openSession(shop, { reference: '1042' });
  for (const step of steps) {
    await pay(session.stripe_session_id, step, 'ann@example.com');
    expect((await heldEvents(shop)).length).toBeGreaterThan(0);
    await untilDue(shop, session.id);
    await cron();
  }
  return await endState(shop, session.id);
}

describe('With every Stripe event lost', () => {
  it.each([
    ['paid', ['paid'], 'succeeded'],
    ['expired', ['expired'], 'expired'],
    ['paid later', ['processing', 'processing_succeeded'], 'succeeded'],
    ['failed later', ['processing', 'processing_failed'], 'failed'],
    ['still processing', ['processing'], 'processing'],
  ] as const)('a session that is %s comes to the same end by the cron alone', async (_what, steps, status) => {
    const expected = await byEvents(steps);
    expect(expected.status).toBe(status);
    expect(await byCron(steps)).toEqual(expected);
  });

  it('a paid session is found after five minutes, and its late events change nothing', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const late = await heldEvents(shop);
    passTime(5 * MINUTE - 1);
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'created' });
    passTime(1);
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });

    vi.useRealTimers();
    await sendAll([...late, ...late]);
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
  });

  it('a live session is read with the live key', async () => {
    freezeTime();
    const shop = await unpolledWorkspace({ mode: 'live' });
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    passTime(5 * MINUTE);
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('The reading of sessions', () => {
  it('leaves an open session open, and looks again at 15 minutes and after its end', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    const { created_at: created, expires_at: expires } = await row(shop, session.id);
    const looks: unknown[] = [];
    for (let look = 0; look < 4; look++) {
      const { next_check_at: due } = await row(shop, session.id);
      looks.push(due);
      vi.setSystemTime(Number(due));
      await cron();
      expect(await row(shop, session.id)).toMatchObject({ status: 'created', checks: look + 1 });
    }
    const [at5, at15] = [5, 15].map((minutes) => Number(created) + minutes * MINUTE);
    const [past1, past10] = [1, 10].map((minutes) => Number(expires) + minutes * MINUTE);
    expect(looks).toEqual([at5, at15, past1, past10]);
  });

  it('asks Stripe nothing about sessions that are not due or have ended', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await cron();
    const reads = async () =>
      (await stripeRequests(accountOf(shop.account))).filter((request) => request.method === 'GET').length;
    expect(await reads()).toBe(0);
    passTime(5 * MINUTE);
    await cron();
    expect(await reads()).toBe(1);
    passTime(10 * 24 * 60 * MINUTE);
    await cron();
    expect(await reads()).toBe(1);
  });

  it('ends for a session that Stripe does not know', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await setPayment(session.id, 'stripe_session_id', 'cs_test_never_made');
    passTime(5 * MINUTE);
    await cron();
    expect(await row(shop, session.id)).toMatchObject({ status: 'created', next_check_at: null });
  });

  it('quarantines a session that does not fit its row, logs that, and ends', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await setPayment(session.id, 'amount_minor', 4998);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    passTime(5 * MINUTE);
    await cron();
    const [quarantinedRow, ...more] = await quarantined(accountOf(shop.account));
    expect(quarantinedRow).toMatchObject({
      id: session.stripe_session_id,
      livemode: 0,
      type: 'checkout.session',
      reason: 'amount_differs',
      received_at: Date.now(),
    });
    expect(JSON.parse(String(quarantinedRow?.body))).toMatchObject({
      id: session.stripe_session_id,
      amountMinor: 4999,
    });
    expect(more).toEqual([]);
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toMatch(/session refused.*amount_differs/);
    expect(await row(shop, session.id)).toMatchObject({ status: 'created', next_check_at: null });
    expect(await rowsOf('events', shop.workspace.id)).toEqual([]);
  });

  it('quarantines a session whose payment intent another payment has, and ends', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const [first, second] = [await openSession(shop), await openSession(shop)];
    await pay(second.stripe_session_id, 'paid');
    const [completed] = await heldEvents(shop, 'checkout.session.completed');
    if (!completed) throw new Error('The simulator sent no event');
    await setPayment(first.id, 'stripe_payment_intent_id', eventOf(completed).data.object.payment_intent);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    passTime(5 * MINUTE);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([
      { id: second.stripe_session_id, reason: 'constraint' },
    ]);
    expect(await row(shop, second.id)).toMatchObject({ status: 'created', next_check_at: null });
  });

  it('of one that always fails at Stripe does not hold up the others', async () => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const failing = await openSession(shop);
    const others = [await openSession(shop), await openSession(shop)];
    await setPayment(failing.id, 'stripe_account_id', 'acct_nobody_lets_us_in');
    await Promise.all(others.map((session) => pay(session.stripe_session_id, 'paid')));
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    passTime(5 * MINUTE);
    await cron();
    for (const session of others) expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toContain(`"payment":${failing.id}`);
    const { status, next_check_at: due } = await row(shop, failing.id);
    expect(status).toBe('created');
    expect(due).toBeGreaterThan(Date.now());
  });

  it.each([
    ['whose mode has no Stripe key any more', { STRIPE_SECRET_KEY_TEST: undefined }],
    ['while Stripe cannot be reached', { STRIPE_API_BASE: 'http://localhost:12199' }],
  ])('of one %s is put off too, so that a hundred of them never block a run', async (_what, changes) => {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    passTime(5 * MINUTE);
    await cron(changes);
    const { status, next_check_at: due } = await row(shop, session.id);
    expect(status).toBe('created');
    expect(due).toBeGreaterThan(Date.now());
    vi.setSystemTime(Number(due));
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
  });
});
