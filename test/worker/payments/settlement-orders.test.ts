import { env } from 'cloudflare:workers';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../support/api.ts';
import { interruptedD1 } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import { changed, heldEvent, openSession, readSession, requestOf, sendAll } from '../support/payments.ts';
import { type PayOutcome, pay, type SignedEvent, sendStripeEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const COMPLETED = 'checkout.session.completed';
const LATER_PAID = 'checkout.session.async_payment_succeeded';
const LATER_FAILED = 'checkout.session.async_payment_failed';
const EXPIRED = 'checkout.session.expired';

/** What became of a session, from all the tables that record it. */
async function outcome(shop: TestWorkspace, id: number) {
  const ofPayment = (rows: Record<string, unknown>[]) => rows.filter((row) => row.payment_id === id);
  const events = ofPayment(await rowsOf('events', shop.workspace.id));
  const deliveries = await rowsOf('deliveries', shop.workspace.id);
  const [row] = (await rowsOf('payments', shop.workspace.id)).filter((payment) => payment.id === id);
  return {
    status: (await readSession(shop, id)).status,
    events: events.map((row) => row.type),
    deliveries: deliveries.filter((row) => events.some((event) => event.id === row.event_id)).length,
    history: JSON.parse(String(row?.history)).map(({ status }: { status: string }) => status),
  };
}

const PAID_ONCE = { status: 'succeeded', events: ['payments.payment.succeeded'], deliveries: 1 };

/** The event that the merchant gets for each status. */
const EVENT_TYPES: Readonly<Record<string, string>> = {
  processing: 'payments.payment.processing',
  succeeded: 'payments.payment.succeeded',
  failed: 'payments.payment.failed',
  expired: 'payments.checkout.expired',
};

/** Every change has one event, in the order in which it came, and the last is this one. */
function expectEnd(
  { status, events, deliveries, history }: Awaited<ReturnType<typeof outcome>>,
  end: string,
  why?: string,
) {
  expect(status, why).toBe(end);
  expect(events, why).toEqual(history.map((status: string) => EVENT_TYPES[status]));
  expect(new Set(events).size, why).toBe(events.length);
  expect(events.at(-1), why).toBe(`payments.payment.${end}`);
  expect(deliveries, why).toBe(events.length);
}

/** A session taken through `outcomes` at Stripe, with the event of the given type after each. */
async function eventsAfter(shop: TestWorkspace, steps: readonly (readonly [PayOutcome, string])[]) {
  const session = await openSession(shop);
  const stripeEvents: SignedEvent[] = [];
  for (const [step, type] of steps) {
    await pay(session.stripe_session_id, step);
    stripeEvents.push(await heldEvent(shop, type));
  }
  return { id: session.id, stripeEvents };
}

/** An event of another id in which Stripe says that this session has expired. */
function saysExpired(event: SignedEvent): Promise<SignedEvent> {
  return changed(event, (content) => {
    content.id = `${content.id}Expired`;
    content.type = EXPIRED;
    Object.assign(content.data.object, { status: 'expired', payment_status: 'unpaid', payment_intent: null });
  });
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((first, index) => permutations(items.toSpliced(index, 1)).map((rest) => [first, ...rest]));
}

describe('The same event again', () => {
  it('ten times one after the other is one payment, one event, one delivery, one step of its history', async () => {
    const shop = await newWorkspace();
    const { id, stripeEvents } = await eventsAfter(shop, [['paid', COMPLETED]]);
    for (let time = 0; time < 10; time++) await sendAll(stripeEvents);
    expect(await outcome(shop, id)).toEqual({ ...PAID_ONCE, history: ['succeeded'] });
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
  });

  it('ten times at once is one payment, one event, one delivery, one step of its history', async () => {
    const shop = await newWorkspace();
    const { id, stripeEvents } = await eventsAfter(shop, [['paid', COMPLETED]]);
    const [event] = stripeEvents;
    if (!event) throw new Error('The simulator sent no event');
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendStripeEvent(event)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await outcome(shop, id)).toEqual({ ...PAID_ONCE, history: ['succeeded'] });
    expect(await rowsOf('payments', shop.workspace.id)).toHaveLength(1);
  });

  it('later does not change the first body, nor the first times', async () => {
    const shop = await newWorkspace();
    const { stripeEvents } = await eventsAfter(shop, [['paid', COMPLETED]]);
    await sendAll(stripeEvents);
    const before = [await rowsOf('events', shop.workspace.id), await rowsOf('payments', shop.workspace.id)];
    await sendAll([
      ...stripeEvents,
      ...(await Promise.all(
        stripeEvents.map((event) =>
          changed(event, (content) => {
            content.id = `${content.id}Again`;
            content.data.object.customer_details = { email: 'changed@example.com' };
          }),
        ),
      )),
    ]);
    expect([await rowsOf('events', shop.workspace.id), await rowsOf('payments', shop.workspace.id)]).toEqual(before);
  });
});

describe('A delayed method', () => {
  it('is processing when the session completes unpaid, and looked at again later', async () => {
    const shop = await newWorkspace();
    const { id, stripeEvents } = await eventsAfter(shop, [['processing', COMPLETED]]);
    await sendAll(stripeEvents);
    expect(await outcome(shop, id)).toEqual({
      status: 'processing',
      events: ['payments.payment.processing'],
      deliveries: 1,
      history: ['processing'],
    });
    const [row] = await rowsOf('payments', shop.workspace.id);
    expect(Number(row?.next_check_at)).toBeGreaterThan(Date.now());
    expect(row?.stripe_payment_intent_id).toMatch(/^pi_/);
  });

  it('succeeds when the money arrives', async () => {
    const shop = await newWorkspace();
    const { id, stripeEvents } = await eventsAfter(shop, [
      ['processing', COMPLETED],
      ['processing_succeeded', LATER_PAID],
    ]);
    await sendAll(stripeEvents);
    expect(await outcome(shop, id)).toEqual({
      status: 'succeeded',
      events: ['payments.payment.processing', 'payments.payment.succeeded'],
      deliveries: 2,
      history: ['processing', 'succeeded'],
    });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ next_check_at: null }]);
  });

  it('fails when the money does not arrive, and the merchant gets that event', async () => {
    const shop = await newWorkspace();
    const { id, stripeEvents } = await eventsAfter(shop, [
      ['processing', COMPLETED],
      ['processing_failed', LATER_FAILED],
    ]);
    await sendAll(stripeEvents);
    expect(await outcome(shop, id)).toEqual({
      status: 'failed',
      events: ['payments.payment.processing', 'payments.payment.failed'],
      deliveries: 2,
      history: ['processing', 'failed'],
    });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ next_check_at: null }]);
  });
});

describe('Whatever the order', () => {
  it('completed unpaid, paid later, completed again: always one paid payment', async () => {
    const shop = await newWorkspace();
    for (const order of permutations([0, 1, 0])) {
      const { id, stripeEvents } = await eventsAfter(shop, [
        ['processing', COMPLETED],
        ['processing_succeeded', LATER_PAID],
      ]);
      await sendAll(order.flatMap((index) => stripeEvents[index] ?? []));
      expectEnd(await outcome(shop, id), 'succeeded', `in the order ${order}`);
    }
  });

  it('completed unpaid and failed later: always failed', async () => {
    const shop = await newWorkspace();
    for (const order of permutations([0, 1, 0])) {
      const { id, stripeEvents } = await eventsAfter(shop, [
        ['processing', COMPLETED],
        ['processing_failed', LATER_FAILED],
      ]);
      await sendAll(order.flatMap((index) => stripeEvents[index] ?? []));
      expectEnd(await outcome(shop, id), 'failed', `in the order ${order}`);
    }
  });

  it('expired and paid, each reported twice: always one paid payment', async () => {
    const shop = await newWorkspace();
    for (const order of permutations([0, 1, 1, 0])) {
      const { id, stripeEvents } = await eventsAfter(shop, [['paid', COMPLETED]]);
      const both = [...stripeEvents, ...(await Promise.all(stripeEvents.map(saysExpired)))];
      await sendAll(order.flatMap((index) => both[index] ?? []));
      expectEnd(await outcome(shop, id), 'succeeded', `in the order ${order}`);
    }
  });

  it('a state that is overtaken while it is written sends no event', async () => {
    const overtaken = [
      ['processing', async ([completed]: SignedEvent[]) => completed],
      ['expired', async ([completed]: SignedEvent[]) => completed && (await saysExpired(completed))],
    ] as const;
    for (const [what, eventOf] of overtaken) {
      const shop = await newWorkspace();
      const { id, stripeEvents } = await eventsAfter(shop, [
        ['processing', COMPLETED],
        ['processing_succeeded', LATER_PAID],
      ]);
      const stripeEvent = await eventOf(stripeEvents);
      if (!stripeEvent) throw new Error('The simulator sent no event');
      // The state is read, and before it is written the money arrives.
      const database = interruptedD1(env, 2, () => sendAll(stripeEvents.slice(1)));
      expect((await fetchWith(database, requestOf(stripeEvent))).status).toBe(200);
      expect(await outcome(shop, id), what).toEqual({ ...PAID_ONCE, history: ['succeeded'] });
    }
  });

  it('the events of a paid payment, in any order and repeated, end in one paid payment', async () => {
    const shop = await newWorkspace();
    const order = fc
      .shuffledSubarray([0, 1, 2], { minLength: 3, maxLength: 3 })
      .chain((once) => fc.array(fc.nat(2), { maxLength: 4 }).map((again) => [...once, ...again]))
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
    await fc.assert(
      fc.asyncProperty(order, fc.boolean(), async (indexes, atOnce) => {
        const { id, stripeEvents } = await eventsAfter(shop, [
          ['processing', COMPLETED],
          ['processing_succeeded', LATER_PAID],
        ]);
        const all = [...stripeEvents, ...(await Promise.all(stripeEvents.slice(0, 1).map(saysExpired)))];
        const sequence = indexes.flatMap((index) => all[index] ?? []);
        if (atOnce) await Promise.all(sequence.map((event) => sendAll([event])));
        else await sendAll(sequence);
        expectEnd(await outcome(shop, id), 'succeeded');
      }),
      { numRuns: 30 },
    );
  });
});
