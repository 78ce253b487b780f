import { describe, expect, it } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { openPage, payPath, sendForm, visit } from '../support/pay-page.ts';
import { deliverStripeEvents, type PayOutcome, pay, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

type Link = Awaited<ReturnType<TestWorkspace['link']>>;

/** A browser's cookies of one link. */
class Buyer {
  readonly #cookies = new Map<string, string>();
  readonly #link: Link;
  constructor(link: Link) {
    this.#link = link;
  }

  get headers(): Record<string, string> {
    return { Cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') };
  }

  #keep(response: Response): Response {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^(\w+)=([^;]*)/.exec(cookie) ?? [];
      if (cookie.includes('Max-Age=0')) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return response;
  }

  /** Opens the page, sends its form, and answers where that leads. */
  async send(fields: Record<string, string> = {}): Promise<Response> {
    const page = await openPage(this.#link, { headers: this.headers });
    return this.#keep(await sendForm(this.#link, { ...page.fields, ...fields }, { headers: this.headers }));
  }

  async done(session: string): Promise<Response> {
    const as = { query: `?session_id=${session}`, headers: this.headers };
    return this.#keep(await visit(`${payPath(this.#link.token)}/done`, as));
  }

  /** By the "Back" of Stripe's page, or by that of the browser. */
  async back() {
    const response = await visit(payPath(this.#link.token), { query: '?cancelled=1', headers: this.headers });
    return { status: response.status, location: response.headers.get('Location'), text: await response.text() };
  }
}

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

  it('with a cookie that we did not set is shown the form', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    for (const session of ['cs_test_unknown', '../../x', 'cs_%00', '']) {
      const headers = { Cookie: `softsolz_session=${session}` };
      const page = await openPage(link, { query: '?cancelled=1', headers });
      expect([page.status, page.text.includes(en.notices.cancelled)]).toEqual([200, true]);
    }
  });
});
