import { describe, expect, it } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { Buyer } from '../support/buyer.ts';
import { openPage, payPath } from '../support/pay-page.ts';
import { deliverStripeEvents, type PayOutcome, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

type Link = Awaited<ReturnType<TestWorkspace['link']>>;

async function sessionIds(shop: TestWorkspace): Promise<string[]> {
  return (await stripeSessions(accountOf(shop.account))).map(({ id }) => String(id));
}

async function payAndTell(shop: TestWorkspace, session: string, outcome: PayOutcome = 'paid'): Promise<void> {
  await pay(session, outcome);
  await deliverStripeEvents(accountOf(shop.account));
}

const doneOf = (link: Link, session: string) => `${payPath(link.token)}/done?session_id=${session}`;

describe('a buyer who goes back from Checkout', () => {
  it.each(['paid', 'processing'] as const)('after having paid (%s) is shown that, and no form', async (outcome) => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const buyer = new Buyer(link);
    await buyer.send();
    const [session = ''] = await sessionIds(shop);
    await payAndTell(shop, session, outcome);
    // Without the receipt having been seen, and with it.
    expect(await buyer.back()).toMatchObject({ status: 303, location: doneOf(link, session) });
    await buyer.done(session);
    expect(await buyer.back()).toMatchObject({ status: 303, location: doneOf(link, session) });
  });

  it('in a second tab, when the first has paid, is shown that', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const buyer = new Buyer(link);
    await buyer.send();
    const [first = ''] = await sessionIds(shop);
    const other = new Buyer(link);
    await other.send();
    await payAndTell(shop, first);
    await buyer.done(first);
    expect(await buyer.back()).toMatchObject({ status: 303, location: doneOf(link, first) });
    expect((await other.back()).text).toContain(en.notices.cancelled);
  });

  it('of a link whose last place they have paid is shown that, and not that it is sold out', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1 });
    const buyer = new Buyer(link);
    await buyer.send();
    const [session = ''] = await sessionIds(shop);
    await payAndTell(shop, session);
    await buyer.done(session);
    expect(await buyer.back()).toMatchObject({ status: 303, location: doneOf(link, session) });
  });

  it('without having paid is shown that nothing was charged, also in a further purchase', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const buyer = new Buyer(link);
    await buyer.send();
    expect((await buyer.back()).text).toContain(en.notices.cancelled);
    const [first = ''] = await sessionIds(shop);
    await payAndTell(shop, first);
    await buyer.done(first);
    await buyer.send();
    expect(await sessionIds(shop)).toHaveLength(2);
    expect((await buyer.back()).text).toContain(en.notices.cancelled);
  });

  it('and enters another amount leaves the first session: it can be paid no more, and its place is free', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, maxPayments: 1 });
    const buyer = new Buyer(link);
    await buyer.send({ amount: '5' });
    const [first = ''] = await sessionIds(shop);
    const response = await buyer.send({ amount: '25' });
    expect(response.status).toBe(303);
    const sessions = await stripeSessions(accountOf(shop.account));
    expect(sessions.find(({ id }) => id === first)).toMatchObject({ status: 'expired' });
    expect(sessions.find(({ id }) => id !== first)).toMatchObject({ status: 'open', amount_total: 2500 });
    expect((await rowsOf('payments', shop.workspace.id)).map(({ status }) => status)).toEqual(['expired', 'created']);
  });

  it('and enters another amount after having paid is shown that, and pays no second time', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null });
    const buyer = new Buyer(link);
    await buyer.send({ amount: '5' });
    const [session = ''] = await sessionIds(shop);
    // No Stripe event of the payment has arrived yet.
    await pay(session, 'paid');
    const response = await buyer.send({ amount: '25' });
    expect([response.status, response.headers.get('Location')]).toEqual([303, doneOf(link, session)]);
    expect(await sessionIds(shop)).toEqual([session]);
  });

  it('reads so only in the browser that was there: an address alone says nothing about money', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 3 });
    const plain = await openPage(link);
    const claims = [
      'cancelled=1',
      'again=1',
      'refused=empty',
      'notice=price_changed',
      'notice=try_again',
      'notice=slow_down',
    ];
    for (const claim of [
      ...claims,
      claims.join('&'),
      'notice=%3Cb%3E',
      'notice=amount_refused&again=1',
      'fault=empty',
    ]) {
      const page = await openPage(link, { query: `?${claim}` });
      expect([claim, page.status, page.text]).toEqual([claim, 200, plain.text]);
    }
    // A form that was sent, but to no session: nothing is known of a payment.
    const buyer = new Buyer(link);
    await buyer.post({ ...plain.fields, lang: 'en' });
    for (const claim of claims) {
      expect([claim, (await buyer.open({ query: `?${claim}` })).text]).toEqual([claim, plain.text]);
    }
  });

  it('with a cookie that we did not set is shown the form', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    for (const session of ['cs_test_unknown', '../../x', 'cs_%00', '']) {
      const headers = { Cookie: `softsolz_session=${session}` };
      const page = await openPage(link, { query: '?cancelled=1', headers });
      expect([page.status, page.action, page.html.includes('class="notice')]).toEqual([
        200,
        payPath(link.token),
        false,
      ]);
    }
  });

  it('by the browser finds the amount that they typed or chose, but not their e-mail', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null, suggestedAmountsMinor: [1000, 2500] });
    for (const [sent, shown] of [
      [{ amount: '12.5' }, { amount: '12.50' }],
      [{ suggested: '2500' }, { amount: '25.00', suggested: '2500' }],
      [{ amount: '0.01' }, { amount: '0.01' }],
      [{ amount: 'ten\npounds' }, { amount: 'ten pounds' }],
    ] as const) {
      const buyer = new Buyer(link);
      await buyer.send({ ...sent, email: 'ann@example.com' });
      const { fields } = await buyer.open();
      expect(fields).toMatchObject(shown);
      expect(fields).not.toHaveProperty('email');
      expect((await buyer.open({ query: '?cancelled=1' })).fields).toMatchObject({
        ...shown,
        email: 'ann@example.com',
      });
    }
  });

  it('finds their own amount in place of the one in the address, but not at another address', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ amountMinor: null });
    const buyer = new Buyer(link);
    const thirty = await buyer.open({ query: '?amount=30' });
    expect([thirty.fields.amount, thirty.action]).toEqual(['30', `${payPath(link.token)}?amount=30`]);
    await buyer.post({ ...thirty.fields, amount: '40' }, { query: '?amount=30' });
    expect((await buyer.open({ query: '?amount=30' })).fields.amount).toBe('40.00');
    expect((await buyer.open({ query: '?amount=55' })).fields.amount).toBe('55');
    expect((await buyer.open()).fields.amount).toBe('40.00');
  });

  it('of a limited link reads for how long it stays open to them, and of any other makes no such promise', async () => {
    const shop = await newWorkspace();
    const [limited, other] = [await shop.link({ maxPayments: 5 }), await shop.link()];
    const [buyer, another] = [new Buyer(limited), new Buyer(other)];
    await buyer.send();
    await another.send();
    const text = async (who: Buyer) => (await who.open({ query: '?cancelled=1' })).text;
    expect(await text(another)).toContain(en.notices.cancelled);
    expect(await text(new Buyer(limited))).not.toContain(en.notices.cancelled);
    for (const [minutesLeft, words] of [
      [31, 'You can still pay here for about 30 minutes.'],
      [29, 'You can still pay here for about 25 minutes.'],
      [5.1, 'You can still pay here for about 5 minutes.'],
      [4, en.notices.cancelled],
      [-1, en.notices.cancelled],
    ] as const) {
      const expiresAt = Date.now() + minutesLeft * 60_000;
      const query = 'UPDATE payments SET expires_at = ? WHERE payment_link_id = ?';
      await shop.binding.prepare(query).bind(Math.round(expiresAt), limited.id).run();
      expect(await text(buyer)).toContain(words);
    }
  });
});
