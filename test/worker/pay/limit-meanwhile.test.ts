import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { accountOf } from '../support/api.ts';
import { wrapNamespace } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import { patchLink, readLink } from '../support/links.ts';
import { openPage, sendForm, tapPay } from '../support/pay-page.ts';
import { heldEvent, requestOf } from '../support/payments.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { deliverStripeEvents, pay, stripeRequests, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a limit that is set while a buyer is on the way to Stripe', () => {
  it('counts them: the last place is not given to a second one', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const { fields } = await openPage(link);
    // Between the gate and Stripe the merchant sets the limit, and another buyer comes.
    const other: number[] = [];
    const gate = wrapNamespace(env.LINK_GATE, async (method, call) => {
      const answer = await call();
      if (method === 'takePlace' && other.length === 0) {
        await patchLink(shop, link.token, { max_payments: 1 });
        other.push((await tapPay(link)).status);
      }
      return answer;
    });
    const first = await sendForm(link, fields, { bindings: { LINK_GATE: gate } });
    expect(first.status).toBe(303);
    expect(other).toEqual([410]);
    expect((await tapPay(link)).status).toBe(410);
    expect(await stripeSessions(accountOf(shop.account))).toHaveLength(1);
  });
});

describe('the page of a link whose payments are all made', () => {
  it('says so to a buyer who only opens it, until the limit is raised', async () => {
    const shop = await newWorkspace();
    const link = await shop.link({ maxPayments: 1, inactiveMessage: 'See you next year' });
    await tapPay(link);
    expect((await openPage(link)).status).toBe(200);
    const [session] = await stripeSessions(accountOf(shop.account));
    await pay(String(session?.id), 'paid');
    await deliverStripeEvents(accountOf(shop.account));
    const closed = await openPage(link);
    expect([closed.status, closed.action]).toEqual([410, null]);
    expect(closed.text).toContain('See you next year');
    await patchLink(shop, link.token, { max_payments: 2 });
    expect((await openPage(link)).status).toBe(200);
    expect((await tapPay(link)).status).toBe(303);
  });
});

describe('a limit that is raised while the last payment is recorded', () => {
  /** The gate of links; the merchant raises the limit right after its first answer to `method`. */
  function raisedAfter(method: string, shop: TestWorkspace, token: string) {
    let raised = false;
    return wrapNamespace(env.LINK_GATE, async (called, call) => {
      const answer = await call();
      if (called === method && !raised) {
        raised = true;
        await patchLink(shop, token, { max_payments: 2 });
      }
      return answer;
    });
  }

  async function paidOnce(): Promise<{ shop: TestWorkspace; link: PaymentLink }> {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link({ maxPayments: 1 });
    expect((await tapPay(link)).status).toBe(303);
    const [session] = await stripeSessions(accountOf(shop.account));
    await pay(String(session?.id), 'paid');
    return { shop, link };
  }

  async function expectOpen(shop: TestWorkspace, link: PaymentLink): Promise<void> {
    expect(await readLink(shop, link.token)).toMatchObject({ max_payments: 2 });
    expect((await openPage(link)).status).toBe(200);
    expect((await tapPay(link)).status).toBe(303);
  }

  it('stays raised: the Stripe event of that payment does not close the page', async () => {
    const { shop, link } = await paidOnce();
    const LINK_GATE = raisedAfter('markPaid', shop, link.token);
    const event = await heldEvent(shop, 'checkout.session.completed');
    expect((await fetchWith({ LINK_GATE }, requestOf(event))).status).toBe(200);
    await expectOpen(shop, link);
  });

  it('stays raised: a buyer who came too late for the old one does not close the page', async () => {
    const { shop, link } = await paidOnce();
    const { fields } = await openPage(link);
    await deliverStripeEvents(accountOf(shop.account));
    const LINK_GATE = raisedAfter('takePlace', shop, link.token);
    expect((await sendForm(link, fields, { bindings: { LINK_GATE } })).status).toBe(410);
    await expectOpen(shop, link);
  });
});

describe('an e-mail of the address that Stripe does not take', () => {
  it('is left out: the buyer enters theirs at Checkout', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const query = '?email=ann@example.com';
    stripeOf(async (request, real) => {
      const body = await request.clone().text();
      if (!body.includes('customer_email')) return await real(request);
      return stripeErrorAnswer({ status: 400, code: 'email_invalid', message: 'Invalid email address' });
    });
    const sent = await tapPay(link, {}, { query, bindings: {} });
    expect(sent.status).toBe(303);
    vi.restoreAllMocks();
    const [made] = (await stripeRequests(accountOf(shop.account))).filter(({ method }) => method === 'POST');
    expect(made?.params).not.toHaveProperty('customer_email');
  });
});
