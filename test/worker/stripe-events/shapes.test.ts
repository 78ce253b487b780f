import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { accountOf, rowsOf } from '../support/api.ts';
import { failingD1 } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import {
  changed,
  eventOf,
  everything,
  heldEvent,
  heldEvents,
  openSession,
  quarantined,
  requestOf,
  sendAll,
  signed,
  stripePost,
  type WireEvent,
} from '../support/payments.ts';
import { control, pay, type SignedEvent, sendStripeEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const WORDS = 'UNIQUE constraint failed: SQLITE_CONSTRAINT';
const COMPLETED = 'checkout.session.completed';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Without an endpoint: no delivery of an earlier test writes while a later one looks. */
const newShop = () => newWorkspace({ webhook: false });

async function paidSession(shop: TestWorkspace): Promise<SignedEvent> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  return await heldEvent(shop, COMPLETED);
}

/** Sends the event: it is answered 200 and quarantined; no other row is written. */
async function expectQuarantined(event: SignedEvent, account: string, reason: string): Promise<void> {
  const { quarantined_stripe_events: before, ...others } = await everything();
  const response = await sendStripeEvent(event);
  expect(response.status, await response.text()).toBe(200);
  const { quarantined_stripe_events: after, ...rest } = await everything();
  expect(rest).toEqual(others);
  expect(after).toHaveLength((before?.length ?? 0) + 1);
  const { id } = eventOf(event);
  expect(await quarantined(account)).toContainEqual(expect.objectContaining({ id, reason, body: event.body }));
}

async function expectIgnored(event: SignedEvent): Promise<void> {
  const before = await everything();
  const response = await sendStripeEvent(event);
  expect(response.status, await response.text()).toBe(200);
  expect(await everything()).toEqual(before);
}

/** The event of a paid session of ours at Stripe whose row was never written, with its object changed by `change`. */
async function orphan(shop: TestWorkspace, change: (object: Record<string, unknown>) => void): Promise<SignedEvent> {
  const paidEvent = await paidSession(shop);
  await shop.binding.prepare('DELETE FROM payments WHERE workspace_id = ?').bind(shop.workspace.id).run();
  return await changed(paidEvent, (content) => change(content.data.object));
}

describe('A session with our metadata that cannot become a payment', () => {
  it.each([
    ['an amount of 0', { amount_total: 0 }, 'no_amount'],
    ['a negative amount', { amount_total: -1 }, 'no_amount'],
    ['no amount', { amount_total: null }, 'no_amount'],
    ['no currency', { currency: null }, 'no_amount'],
    ['a fraction of an amount', { amount_total: 49.99 }, 'unexpected_shape'],
    ['an amount in words', { amount_total: '4999' }, 'unexpected_shape'],
    ['no expires_at', { expires_at: undefined }, 'unexpected_shape'],
    ['an expires_at of null', { expires_at: null }, 'unexpected_shape'],
    ['a time in words', { created: 'yesterday' }, 'unexpected_shape'],
    ['a time that no date can hold', { expires_at: 2 ** 53 - 1 }, 'unexpected_shape'],
  ])('is quarantined: %s', async (_what, difference, reason) => {
    const shop = await newShop();
    const event = await orphan(shop, (object) => void Object.assign(object, difference));
    await expectQuarantined(event, accountOf(shop.account), reason);
  });

  it('is quarantined where it names the payment intent of another payment', async () => {
    const shop = await newShop();
    const first = await paidSession(shop);
    await sendAll([first]);
    const second = await openSession(shop);
    await shop.binding.prepare('DELETE FROM payments WHERE id = ?').bind(second.id).run();
    await pay(second.stripe_session_id, 'paid');
    const intent = eventOf(first).data.object.payment_intent;
    const copy = await changed(await heldEvent(shop, COMPLETED), (content) => {
      content.data.object.payment_intent = intent;
    });
    await expectQuarantined(copy, accountOf(shop.account), 'payment_intent_of_another_session');
  });
});

describe('An event that a constraint of the tables refuses', () => {
  /** The event of a payment of ours, with the payment intent of the one before it. */
  async function sameIntent(shop: TestWorkspace): Promise<SignedEvent> {
    const first = await paidSession(shop);
    await sendAll([first]);
    const intent = eventOf(first).data.object.payment_intent;
    return await changed(await paidSession(shop), (content) => {
      content.data.object.payment_intent = intent;
    });
  }

  it('is quarantined, nothing of it is applied, and the log shows the cause', async () => {
    const shop = await newShop();
    const event = await sameIntent(shop);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await expectQuarantined(event, accountOf(shop.account), 'constraint');
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toContain('UNIQUE constraint failed');
    const payments = await rowsOf('payments', shop.workspace.id);
    expect(payments.map((row) => row.status)).toEqual(['succeeded', 'created']);
  });

  it.each([1, 2, 3])(
    'is answered 503 where the database is down at round trip %i, and quarantined when it comes again',
    async (step) => {
      const shop = await newShop();
      const event = await sameIntent(shop);
      expect((await fetchWith(failingD1(env, step), requestOf(event))).status).toBe(503);
      expect(await quarantined(accountOf(shop.account))).toEqual([]);
      await expectQuarantined(event, accountOf(shop.account), 'constraint');
    },
  );

  it('is distinguished from an outage by its cause, not by text that a merchant wrote', async () => {
    const shop = await newShop();
    const paidEvent = await orphan(shop, (object) => {
      Object.assign(object, { metadata: { ...z.record(z.string(), z.string()).parse(object.metadata), note: WORDS } });
    });
    // The directory with the state, the operation, the intent: the fourth round trip writes the row with its metadata.
    const response = await fetchWith(failingD1(env, 4), requestOf(paidEvent));
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
    await sendAll([paidEvent]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ metadata: JSON.stringify({ note: WORDS }) }]);
  });
});

describe('An event of a shape that Stripe does not document', () => {
  type Change = (content: WireEvent) => void;
  const shape = (type: string, object: Record<string, unknown>) => (content: WireEvent) => {
    content.type = type;
    content.data.object = object;
  };
  const OURS = { metadata: { softsolz_operation: 'op_1', other: 7 } };

  const OF_OURS: readonly (readonly [string, Change])[] = [
    ['a session without its times', ({ data }) => void Object.assign(data.object, { created: null, expires_at: null })],
    ['metadata that is no object', ({ data }) => void Object.assign(data.object, { metadata: 'none' })],
    ['a payment intent that is a number', ({ data }) => void Object.assign(data.object, { payment_intent: 7 })],
    ['a refund without its amount', shape('refund.created', { id: 're_1', currency: 'gbp', ...OURS })],
    ['a charge without its id', shape('charge.refunded', { payment_intent: null, ...OURS })],
  ];

  it.each(OF_OURS)('is quarantined and logged: %s', async (_what, change) => {
    const shop = await newShop();
    const event = await changed(await paidSession(shop), change);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await expectQuarantined(event, accountOf(shop.account), 'unexpected_shape');
    const lines = log.mock.calls.map(([line]) => String(line)).join('\n');
    expect(lines).toMatch(/stripe event of unexpected shape.*data\.object/);
    expect(lines).not.toContain('buyer@example.com');
  });

  it.each(['refund.updated', 'charge.refunded', 'charge.dispute.created'])(
    'is quarantined where a %s without our metadata names a payment intent of ours',
    async (type) => {
      const shop = await newShop();
      const paidEvent = await paidSession(shop);
      await sendAll([paidEvent]);
      const intent = eventOf(paidEvent).data.object.payment_intent;
      vi.spyOn(console, 'error').mockImplementation(() => undefined);
      for (const payment_intent of [intent, { id: intent }]) {
        const event = await changed(paidEvent, (content) => {
          content.id = `${content.id}${typeof payment_intent}`;
          shape(type, { payment_intent })(content);
        });
        await expectQuarantined(event, accountOf(shop.account), 'unexpected_shape');
      }
    },
  );

  it('is quarantined where it is a refund or dispute that we know', async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    await sendAll([paidEvent]);
    const intent = String(eventOf(paidEvent).data.object.payment_intent);
    const params = { payment_intent: intent, amount: '100' };
    const { id: refund } = await stripePost(accountOf(shop.account), '/v1/refunds', params);
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    await sendAll(await heldEvents(shop));
    const [dispute] = await rowsOf('disputes', shop.workspace.id);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const known = { 'refund.updated': refund, 'charge.dispute.closed': dispute?.stripe_dispute_id };
    for (const [type, id] of Object.entries(known)) {
      const event = await changed(paidEvent, (content) => {
        content.id = `${content.id}${type.replaceAll('.', '')}`;
        shape(type, { id })(content);
      });
      await expectQuarantined(event, accountOf(shop.account), 'unexpected_shape');
    }
  });

  const OF_OTHERS: readonly (readonly [string, Change])[] = [
    ['a session that is nothing', (content) => void Object.assign(content.data, { object: {} })],
    ['a session', shape(COMPLETED, { id: 'cs_test_other', payment_intent: 'pi_other', metadata: { a: 'b' } })],
    ['a refund without its currency', shape('refund.updated', { id: 're_1', amount: 1, payment_intent: 'pi_other' })],
    ['a charge without its id', shape('charge.refunded', { payment_intent: null })],
    ['a dispute without its status', shape('charge.dispute.created', { id: 'dp_1', amount: 1 })],
  ];

  it.each(OF_OTHERS)("is not stored where it is the merchant's other business: %s", async (_what, change) => {
    const shop = await newShop();
    const event = await changed(await paidSession(shop), change);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await expectIgnored(event);
  });

  it.each([
    ['is quarantined where it carries our metadata', true],
    ['is ignored where it does not', false],
  ])('and of an unknown account %s', async (_what, ours) => {
    const shop = await newShop();
    const account = `acct_strange_${shop.workspace.id.slice(0, 8)}`;
    const event = await changed(await paidSession(shop), (content) => {
      content.account = account;
      Object.assign(content.data.object, { expires_at: null, ...(ours ? {} : { metadata: {} }) });
    });
    if (ours) await expectQuarantined(event, account, 'unknown_account');
    else await expectIgnored(event);
  });

  it.each([
    ['another object', '{"object":"balance","livemode":false}'],
    [
      'a v2 event',
      '{"id":"evt_test_65","object":"v2.core.event","type":"v1.billing.meter.no_meter_found","livemode":false}',
    ],
    ['an event without its envelope', '{"object":"event","id":"evt_1"}'],
  ])('is ignored where it is %s', async (_what, body) => {
    const { url } = await paidSession(await newShop());
    await expectIgnored(await signed(url, body));
  });

  it('with a wrong signature is refused, also as a v2 event', async () => {
    const { url } = await paidSession(await newShop());
    const event = await signed(url, '{"object":"v2.core.event"}', { secret: 'whsec_of_somebody_else' });
    expect((await sendStripeEvent(event)).status).toBe(400);
  });
});

describe('A refund of no amount', () => {
  it('is quarantined, and those beside it are recorded', async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    await sendAll([paidEvent]);
    const intent = String(eventOf(paidEvent).data.object.payment_intent);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent, amount: '100' });
    const created = (await heldEvents(shop)).find((event) => eventOf(event).type === 'refund.created');
    if (!created) throw new Error('The simulator sent no event');
    const empty = await changed(created, (content) => {
      content.id = `${content.id}Empty`;
      Object.assign(content.data.object, { id: 're_empty', amount: 0 });
    });
    await expectQuarantined(empty, accountOf(shop.account), 'refund_without_amount');
    await sendAll([created]);
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ amount_minor: 100 }]);
  });

  it("of the merchant's other business is ignored", async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    const refund = { id: 're_x', amount: 0, currency: 'gbp', created: 1, payment_intent: 'pi_elsewhere' };
    await expectIgnored(
      await changed(paidEvent, (content) => {
        content.type = 'refund.created';
        content.data.object = refund;
      }),
    );
  });
});

describe('A dispute', () => {
  it('with a fractional amount is quarantined', async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    await sendAll([paidEvent]);
    await control('POST', `/payment_intents/${eventOf(paidEvent).data.object.payment_intent}/dispute`, {});
    const opened = await changed(await heldEvent(shop, 'charge.dispute.created'), (content) => {
      content.data.object.amount = 0.5;
    });
    await expectQuarantined(opened, accountOf(shop.account), 'unexpected_shape');
  });
});
