import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { SIMULATED } from '../../support/simulated.ts';
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
} from '../support/payments.ts';
import { control, pay, type SignedEvent, sendStripeEvent, takeStripeEvents } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const { test: TEST, live: LIVE } = SIMULATED.events;

/** Without an endpoint: no delivery of an earlier test writes while a later one looks. */
const newShop = (mode: 'live' | 'sandbox' = 'sandbox') => newWorkspace({ mode, webhook: false });

async function paidSession(shop: TestWorkspace): Promise<SignedEvent> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  return await heldEvent(shop, 'checkout.session.completed');
}

async function dropped(reason: string): Promise<number> {
  const query = env.DB.prepare('SELECT coalesce(sum(count), 0) AS total FROM dropped_stripe_events WHERE reason = ?');
  return Number(await query.bind(reason).first('total'));
}

/** Answered 200, so that Stripe does not send it again, with not one row written. */
async function expectIgnored(event: SignedEvent): Promise<void> {
  const before = await everything();
  expect((await sendStripeEvent(event)).status).toBe(200);
  expect(await everything()).toEqual(before);
}

/** Sends the event: it is answered 200 and quarantined as it came; nothing else is written. */
async function expectQuarantined(event: SignedEvent, account: string, reason: string): Promise<void> {
  const before = await everything();
  expect((await sendStripeEvent(event)).status).toBe(200);
  const { quarantined_stripe_events: stored, ...rest } = await everything();
  expect({ ...rest, quarantined_stripe_events: before.quarantined_stripe_events }).toEqual(before);
  expect(stored).toHaveLength((before.quarantined_stripe_events?.length ?? 0) + 1);
  const content = eventOf(event);
  expect(await quarantined(account)).toEqual([
    {
      id: content.id,
      stripe_account_id: account,
      livemode: Number(content.livemode),
      type: content.type,
      reason,
      body: event.body,
      received_at: expect.any(Number),
      released_at: null,
    },
  ]);
}

describe('Events of the other mode', () => {
  it('drops and counts a test event on the live endpoint', async () => {
    const shop = await newShop();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const all = await takeStripeEvents(accountOf(shop.account));
    const onLive = all.filter((event) => event.url === LIVE.url);
    expect(onLive.map((event) => eventOf(event).type)).toContain('checkout.session.completed');
    const before = await dropped('test_event_on_live');

    await sendAll(onLive);

    expect(await dropped('test_event_on_live')).toBe(before + onLive.length);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'created' }]);
    expect(await rowsOf('events', shop.workspace.id)).toEqual([]);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('drops and counts a live event on the test endpoint', async () => {
    const shop = await newShop('live');
    const paidEvent = await paidSession(shop);
    const before = await dropped('live_event_on_test');

    await sendAll([await signed(TEST.url, paidEvent.body)]);

    expect(await dropped('live_event_on_test')).toBe(before + 1);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'created' }]);
  });

  it('settles a live payment by the live endpoint', async () => {
    const shop = await newShop('live');
    await sendAll([await paidSession(shop)]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('routes by account and mode together: an account id known in the other mode only is unknown', async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    const asLive = await changed(paidEvent, (content) => {
      content.livemode = true;
    });
    await expectQuarantined(await signed(LIVE.url, asLive.body), accountOf(shop.account), 'unknown_account');
  });
});

describe("The merchant's other business", () => {
  /** A session that the merchant made at Stripe without us, and every event of its payment, refund and dispute. */
  async function otherBusiness(shop: TestWorkspace): Promise<SignedEvent[]> {
    const account = accountOf(shop.account);
    const made = await stripePost(account, '/v1/checkout/sessions', {
      mode: 'payment',
      success_url: 'https://shop.example.com/thanks',
      'line_items[0][quantity]': '1',
      'line_items[0][price_data][currency]': 'gbp',
      'line_items[0][price_data][unit_amount]': '700',
      'line_items[0][price_data][product_data][name]': 'Tea',
    });
    await pay(String(made.id), 'paid');
    const paid = await heldEvents(shop);
    const completed = paid.find((event) => eventOf(event).type === 'checkout.session.completed');
    if (!completed) throw new Error('The simulator sent no event of the payment');
    const intent = String(eventOf(completed).data.object.payment_intent);
    await stripePost(account, '/v1/refunds', { payment_intent: intent, amount: '100' });
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    return [...paid, ...(await heldEvents(shop))];
  }

  it('is not stored: neither its payment, its refund nor its dispute', async () => {
    const shop = await newShop();
    const events = await otherBusiness(shop);
    expect(events.map((event) => eventOf(event).type)).toEqual(
      expect.arrayContaining([
        'checkout.session.completed',
        'refund.created',
        'charge.refunded',
        'charge.dispute.created',
      ]),
    );
    for (const event of events) await expectIgnored(event);
  });

  it('of an account that is not ours is not stored either', async () => {
    const shop = await newShop();
    for (const event of await otherBusiness(shop)) {
      await expectIgnored(
        await changed(event, (content) => {
          content.account = 'acct_nobody_here';
        }),
      );
    }
  });

  it('and events of the platform itself, or of types that we do not handle, are ignored', async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    await expectIgnored(
      await changed(paidEvent, (content) => {
        delete content.account;
      }),
    );
    await expectIgnored(
      await changed(paidEvent, (content) => {
        content.type = 'invoice.paid';
      }),
    );
  });
});

describe('Events that claim to be ours and do not fit', () => {
  it('quarantines an event of an unknown account with our metadata, once however often it comes', async () => {
    const shop = await newShop();
    const strange = await changed(await paidSession(shop), (content) => {
      content.account = `acct_unknown_${shop.workspace.id.slice(0, 8)}`;
    });
    const account = String(eventOf(strange).account);
    await expectQuarantined(strange, account, 'unknown_account');
    await expectIgnored(strange);
  });

  it("quarantines an event of workspace A's account with the metadata of workspace B", async () => {
    const [a, b] = await Promise.all([newShop(), newShop()]);
    const paidEvent = await paidSession(a);
    const claim = await changed(paidEvent, (content) => {
      content.id = `${content.id}B`;
      content.data.object.id = 'cs_test_not_made_by_us';
      content.data.object.metadata = { softsolz_operation: 'op_0forged', softsolz_workspace: b.workspace.id };
    });
    await expectQuarantined(claim, accountOf(a.account), 'other_workspace');
  });

  it.each([
    ['', (object: Record<string, unknown>) => object],
    [' that carries no metadata', (object: Record<string, unknown>) => ({ ...object, metadata: {} })],
  ])("quarantines an event of workspace A's account with a session of workspace B%s", async (_what, alter) => {
    // In one database, where the session is found without its metadata too.
    const a = await newShop();
    const b = await newWorkspace({ webhook: false, shard: a.shard });
    const paidEvent = await paidSession(b);
    const claim = await changed(paidEvent, (content) => {
      content.account = accountOf(a.account);
      content.data.object = alter(content.data.object);
    });
    await expectQuarantined(claim, accountOf(a.account), 'other_workspace');
    expect(await rowsOf('payments', b.workspace.id)).toMatchObject([{ status: 'created' }]);
  });

  it("of workspace A's account with a session of workspace B in another database: quarantined by its metadata", async () => {
    const [a, b] = [await newShop(), await newShop()];
    expect(a.shard).not.toBe(b.shard);
    const paidEvent = await paidSession(b);
    const claim = (metadata: unknown) =>
      changed(paidEvent, (content) => {
        content.account = accountOf(a.account);
        if (metadata !== undefined) content.data.object.metadata = metadata;
      });
    await expectIgnored(await claim({}));
    await expectQuarantined(await claim(undefined), accountOf(a.account), 'other_workspace');
    expect(await rowsOf('payments', b.workspace.id)).toMatchObject([{ status: 'created' }]);
  });

  it("quarantines a refund that carries workspace B's metadata on workspace A's account", async () => {
    const [a, b] = await Promise.all([newShop(), newShop()]);
    const paidEvent = await paidSession(b);
    const claim = await changed(paidEvent, (content) => {
      content.type = 'charge.refunded';
      content.account = accountOf(a.account);
      const { metadata, payment_intent } = content.data.object;
      content.data.object = { id: 'ch_forged', object: 'charge', metadata, payment_intent };
    });
    await expectQuarantined(claim, accountOf(a.account), 'other_workspace');
  });

  it.each([
    ['amount', { amount_total: 4998 }],
    ['currency', { currency: 'usd' }],
  ])('quarantines a payment of another %s, and applies the right event after it', async (_what, difference) => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    const claim = await changed(paidEvent, (content) => {
      content.id = `${content.id}X`;
      Object.assign(content.data.object, difference);
    });
    await expectQuarantined(claim, accountOf(shop.account), 'amount_differs');
    await sendAll([paidEvent]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded', amount_minor: 4999 }]);
  });
});

describe('While the database is down', () => {
  it('answers 503 where an event cannot be quarantined or counted', async () => {
    const shop = await newShop();
    const paidEvent = await paidSession(shop);
    const strange = await changed(paidEvent, (content) => {
      content.account = 'acct_unknown_while_down';
    });
    for (const event of [strange, await signed(LIVE.url, paidEvent.body)]) {
      expect((await fetchWith(failingD1(env, 'every'), requestOf(event))).status).toBe(503);
    }
    await expectQuarantined(strange, 'acct_unknown_while_down', 'unknown_account');
  });

  const STEPS = [1, 2].flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]);

  it.each(STEPS)(
    'answers 503 where round trip %i fails %s its work, and applies the event when it comes again',
    async (step, when) => {
      const shop = await newWorkspace();
      const paidEvent = await paidSession(shop);

      const response = await fetchWith(failingD1(env, step, when), requestOf(paidEvent));
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('Retry-After'))).toBeGreaterThan(0);
      expect(await response.text()).not.toMatch(/D1|SQL|Network connection/);

      await sendAll([paidEvent, paidEvent]);
      expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
      expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
      expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
    },
  );
});
