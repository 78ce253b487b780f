import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEndpoint } from '../../../src/domain/webhooks/endpoints/create-endpoint.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { failingD1 } from '../support/counting.ts';
import { losingQueue } from '../support/direct.ts';
import {
  deliveriesOf,
  eventsOf,
  eventTypesOf,
  intentOf,
  sendQuietly,
  settledSession,
} from '../support/merchant-events.ts';
import { changed, eventOf, heldEvents, openSession, stripePost } from '../support/payments.ts';
import { askRefund, expectRefund } from '../support/refunds.ts';
import { stripeOf } from '../support/scripted-stripe.ts';
import { control, pay, type SignedEvent } from '../support/simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const REFUNDED = 'payments.payment.refunded';
const DATA_MEMBERS = [
  ...['payment_id', 'refund_id', 'amount_cents', 'currency', 'reason', 'payment_amount_cents', 'refunded_cents'],
  ...['reference', 'stripe_payment_intent_id', 'payment_link_id'],
];

/** A refund in Stripe's dashboard, with the events that Stripe sends of it. */
async function refund(shop: TestWorkspace, intent: string, amount: number) {
  const params = { payment_intent: intent, amount: String(amount) };
  const { id } = await stripePost(accountOf(shop.account), '/v1/refunds', params);
  return { id: String(id), events: await heldEvents(shop) };
}

/** Amounts and sums as recorded, in the order in which they were recorded. */
async function sums(shop: TestWorkspace) {
  const events = await eventsOf(shop, REFUNDED);
  return events.map(({ data }) => [data.amount_cents, data.refunded_cents]);
}

const ofType = (events: readonly SignedEvent[], type: string) => events.filter((event) => eventOf(event).type === type);

/** The refund's own event, with another status. */
async function withStatus(events: readonly SignedEvent[], status: string): Promise<SignedEvent[]> {
  return await Promise.all(
    ofType(events, 'refund.created').map((event) =>
      changed(event, (content) => {
        content.id = `${content.id}${status}`;
        content.type = 'refund.updated';
        content.data.object.status = status;
      }),
    ),
  );
}

async function forget(shop: TestWorkspace): Promise<void> {
  for (const table of ['deliveries', 'events']) {
    await shop.binding.prepare(`DELETE FROM ${table} WHERE workspace_id = ?`).bind(shop.workspace.id).run();
  }
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** Until `count` refunds were asked for, Stripe answers none of them: each has read its payment before any is made. */
function holdingRefunds(count: number): void {
  const waiting: (() => void)[] = [];
  stripeOf(async (request, real) => {
    const isRefund = request.method === 'POST' && new URL(request.url).pathname === '/v1/refunds';
    if (isRefund && waiting.length + 1 < count) await new Promise<void>((resume) => waiting.push(resume));
    else if (isRefund) for (const resume of waiting) resume();
    return await real(request);
  });
}

describe('Refunds asked for at once', () => {
  it('are recorded each with another sum, the last with all of them, in a body that is otherwise as composed', async () => {
    const shop = await newWorkspace();
    const { id } = await settledSession(shop, { reference: 'Tür "7" \\ / 😀' });
    holdingRefunds(3);
    const bindings = { DELIVERIES: losingQueue() };
    const asked = [1, 2, 3].map(() => askRefund(shop, id, { amount_cents: 1000 }, { bindings }));
    for (const answer of await Promise.all(asked)) await expectRefund(answer);
    expect((await sums(shop)).toSorted()).toEqual([
      [1000, 1000],
      [1000, 2000],
      [1000, 3000],
    ]);
    const refunded = (await rowsOf('events', shop.workspace.id)).filter(({ type }) => type === REFUNDED);
    for (const { body } of refunded) expect(body).toBe(JSON.stringify(JSON.parse(String(body))));
    const [event] = await eventsOf(shop, REFUNDED);
    expect(Object.keys(event ?? {})).toEqual(['id', 'type', 'created_at', 'tenant_id', 'data']);
    expect(Object.keys(event?.data ?? {})).toEqual(DATA_MEMBERS);
    expect(event?.data.reference).toBe('Tür "7" \\ / 😀');
    await sendQuietly(await heldEvents(shop));
    expect(await eventsOf(shop, REFUNDED)).toHaveLength(3);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(3);
  });
});

describe('Refunds in parts', () => {
  it('are recorded with their sum, up to all that was paid', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    for (const amount of [1000, 2000, 1999]) await sendQuietly((await refund(shop, intent, amount)).events);
    expect(await sums(shop)).toEqual([
      [1000, 1000],
      [2000, 3000],
      [1999, 4999],
    ]);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(3);
  });

  it('are recorded one by one with the same sums where Stripe sends only the last', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const stripeEvents: SignedEvent[] = [];
    for (const amount of [1000, 2000, 1999]) stripeEvents.push(...(await refund(shop, intent, amount)).events);
    await sendQuietly(ofType(stripeEvents, 'charge.refunded').slice(-1));
    const expected = [
      [1000, 1000],
      [2000, 3000],
      [1999, 4999],
    ];
    expect(await sums(shop)).toEqual(expected);
    await sendQuietly(stripeEvents.toReversed());
    expect(await sums(shop)).toEqual(expected);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(3);
  });

  it('are recorded each once where they are sent the other way round: the last sum has them all', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const stripeEvents: SignedEvent[] = [];
    for (const amount of [1000, 2000]) stripeEvents.push(...(await refund(shop, intent, amount)).events);
    await sendQuietly(ofType(stripeEvents, 'refund.created').toReversed());
    expect(await sums(shop)).toEqual([
      [2000, 2000],
      [1000, 3000],
    ]);
  });

  it('count no refund that came back', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const first = await refund(shop, intent, 4000);
    await sendQuietly(first.events);
    await control('POST', `/refunds/${first.id}`, { status: 'failed' });
    await sendQuietly(await heldEvents(shop));
    await sendQuietly((await refund(shop, intent, 500)).events);
    expect(await sums(shop)).toEqual([
      [4000, 4000],
      [500, 500],
    ]);
  });
});

describe('A refund', () => {
  it('that is pending is recorded when it goes through, and not before', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const { events } = await refund(shop, intent, 1000);
    const pending = await withStatus(events, 'pending');
    await sendQuietly([...pending, ...pending]);
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ status: 'pending' }]);
    expect(await eventsOf(shop, REFUNDED)).toEqual([]);
    await sendQuietly([...events, ...pending, ...events]);
    expect(await sums(shop)).toEqual([[1000, 1000]]);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(1);
  });

  it('that never went through is not recorded', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const { events } = await refund(shop, intent, 1000);
    await sendQuietly([...(await withStatus(events, 'pending')), ...(await withStatus(events, 'failed'))]);
    await sendQuietly(ofType(events, 'refund.created'));
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ status: 'failed' }]);
    expect(await eventsOf(shop, REFUNDED)).toEqual([]);
  });

  it('sent again after its event was pruned is not recorded anew', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const { events } = await refund(shop, intent, 1000);
    await sendQuietly(events);
    expect(await sums(shop)).toEqual([[1000, 1000]]);
    await forget(shop);
    await sendQuietly([...events, ...(await withStatus(events, 'succeeded'))]);
    expect(await eventTypesOf(shop)).toEqual([]);
  });

  it('sent again is not delivered to an endpoint that came later', async () => {
    const shop = await newWorkspace();
    const { intent } = await settledSession(shop);
    const { events } = await refund(shop, intent, 1000);
    await sendQuietly(events);
    const url = `${SIMULATED.stripeUrl}/sink/${shop.sink}-late`;
    await createEndpoint(await contextOf(shop.workspace), { url });
    await sendQuietly([...events, ...events]);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(1);
    await sendQuietly((await refund(shop, intent, 500)).events);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(3);
  });

  it('names the link that was paid', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { intent } = await settledSession(shop, { payment_link_token: link.token });
    await sendQuietly((await refund(shop, intent, 1000)).events);
    expect(await eventsOf(shop, REFUNDED)).toMatchObject([
      { data: { payment_link_id: link.token, reference: '1042' } },
    ]);
  });
});

describe('The refunds of a session whose row was lost', () => {
  /** Paid and refunded at Stripe in parts, where our row was never written. */
  async function orphan(shop: TestWorkspace) {
    const session = await openSession(shop);
    await shop.binding.prepare('DELETE FROM payments WHERE workspace_id = ?').bind(shop.workspace.id).run();
    await pay(session.stripe_session_id, 'paid');
    const completed = ofType(await heldEvents(shop), 'checkout.session.completed');
    const intent = await intentOf(shop, session.stripe_session_id);
    const refunded: SignedEvent[] = [];
    for (const amount of [1000, 2000]) refunded.push(...(await refund(shop, intent, amount)).events);
    return { completed, refunded };
  }

  const ALL = ['payments.payment.succeeded', REFUNDED, REFUNDED];
  const SUMS = [
    [1000, 1000],
    [2000, 3000],
  ];

  it('are recorded with the payment, once', async () => {
    const shop = await newWorkspace();
    const { completed, refunded } = await orphan(shop);
    await sendQuietly([...refunded, ...completed, ...refunded, ...completed]);
    expect(await eventTypesOf(shop)).toEqual(ALL);
    expect(await sums(shop)).toEqual(SUMS);
    expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(2);
    const [payment] = await rowsOf('payments', shop.workspace.id);
    for (const { data } of await eventsOf(shop)) expect(data.payment_id).toBe(payment?.id);
  });

  it('are recorded where the run ended between the row and the payment', async () => {
    for (let nth = 1; nth <= 7; nth++) {
      for (const when of ['before', 'after'] as const) {
        const shop = await newWorkspace();
        const { completed, refunded } = await orphan(shop);
        expect(await sendQuietly(completed, failingD1(env, nth, when))).toEqual([503]);
        await sendQuietly([...refunded, ...completed]);
        expect((await eventTypesOf(shop)).toSorted()).toEqual(ALL.toSorted());
        expect(await sums(shop)).toEqual(SUMS);
        expect(await deliveriesOf(shop, REFUNDED)).toHaveLength(2);
      }
    }
  });
});
