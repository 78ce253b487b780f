import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { accountOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { atCheckout, donePage, doneStatus, refundQuietly, sendQuietly, settleQuietly } from '../support/done-page.ts';
import { countedBindings, type Page } from '../support/pay-page.ts';
import { everything } from '../support/payments.ts';
import { control, type PayOutcome, setConditions, stripeRequests } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const METHOD = en.receipt.method;

beforeEach(freezeTime);
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A buyer has been at Stripe. Answers what the tests ask about their receipt. */
async function settled(outcome: PayOutcome, over: Parameters<typeof newWorkspace>[0] = {}) {
  const shop = await newWorkspace({ webhook: false, ...over });
  const link = await shop.link();
  const { session, id } = await atCheckout(shop, link);
  await settleQuietly(shop, session, outcome);
  return { shop, link, session, id };
}

/** Opens the receipt. Answers it with what it has asked Stripe. */
async function opened({ shop, link, session }: { shop: TestWorkspace; link: PaymentLink; session: string }) {
  const account = accountOf(shop.account);
  const before = (await stripeRequests(account)).length;
  const page = await donePage(link, session);
  const asked = (await stripeRequests(account)).slice(before);
  return { page, asked: asked.map(({ method, path, params }) => ({ method, path, params })) };
}

function expectReceiptWithout(page: Page): void {
  expect([page.status, page.text]).toEqual([200, expect.stringContaining(en.done.paid.title)]);
  expect(page.text).toContain('£50.00');
  expect(page.text).not.toContain(METHOD);
}

describe('the payment method on a receipt', () => {
  it('comes from one read at Stripe each time the receipt is opened, and is stored nowhere', async () => {
    const paid = await settled('paid');
    const stored = await everything();
    for (let time = 0; time < 2; time += 1) {
      const { page, asked } = await opened(paid);
      expect(page.text).toContain(`${METHOD}Visa ••••\u00a04242ending in 4242`);
      const params = { expand: { 0: 'payment_intent.latest_charge' } };
      expect(asked).toEqual([{ method: 'GET', path: `/v1/checkout/sessions/${paid.session}`, params }]);
    }
    const bindings = countedBindings();
    await donePage(paid.link, paid.session, { bindings });
    expect(bindings.counts.roundTrips).toBe(2);
    expect([...bindings.LINK_GATE.calls, ...bindings.WORKSPACE_GATE.calls]).toEqual([]);
    expect(await everything()).toEqual(stored);
  });

  it('is that of the mode in which was paid', async () => {
    for (const mode of ['live', 'sandbox'] as const) {
      expect((await opened(await settled('paid', { mode }))).page.text).toContain(METHOD);
    }
  });

  it.each([
    ['mastercard', 'Mastercard ••••\u00a04444ending in 4444'],
    ['unknown_card', '••••\u00a04242ending in 4242'],
    ['apple_pay', 'Apple Pay · Visa ••••\u00a04242ending in 4242'],
    ['ideal', 'iDEAL'],
    ['paypal', 'PayPal'],
  ])('is named as the buyer knows it: %s', async (method, text) => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    await control('POST', `/sessions/${session}/pay`, { outcome: 'paid', method });
    await sendQuietly(shop);
    const { page } = await opened({ shop, link, session });
    expect(page.text).toContain(`${METHOD}${text}${en.receipt.number}`);
    // What Stripe knows of a payer beside that is not ours to show.
    expect(page.html).not.toMatch(/payer@|Ann Payer|Jansen/);
  });

  it('is that of the bank once the money has arrived, and stays after a refund', async () => {
    const paid = await settled('processing_succeeded');
    for (const refunded of [0, 2000, 3000]) {
      if (refunded > 0) await refundQuietly(paid.shop, paid.id, refunded);
      expect((await opened(paid)).page.text).toContain(`${METHOD}SEPA Direct Debit ••••\u00a03000ending in 3000`);
    }
  });

  it('is not asked for before the money is there, nor for the status', async () => {
    const shop = await newWorkspace({ webhook: false });
    const link = await shop.link();
    const { session } = await atCheckout(shop, link);
    expect((await opened({ shop, link, session })).asked).toEqual([]);
    for (const outcome of ['processing', 'processing_failed', 'expired'] as const) {
      const other = await settled(outcome);
      const { page, asked } = await opened(other);
      expect([outcome, asked, page.text.includes(METHOD)]).toEqual([outcome, [], false]);
    }
    const paid = await settled('paid');
    const before = await stripeRequests(accountOf(paid.shop.account));
    expect(await doneStatus(paid.link, paid.session)).toEqual({ status: 'paid' });
    expect(await stripeRequests(accountOf(paid.shop.account))).toEqual(before);
  });

  it('is left out where Stripe refuses or has no answer in time, and the log says so', async () => {
    const paid = await settled('paid');
    const account = accountOf(paid.shop.account);
    const log = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await setConditions(account, { forbid: 'permission' });
    expectReceiptWithout(await donePage(paid.link, paid.session));
    await setConditions(account, {});
    // Less than other calls to Stripe may take.
    await control('POST', '/faults', { account, latency_ms: 8000 });
    expectReceiptWithout(await donePage(paid.link, paid.session));
    await control('POST', '/faults', { account });
    const lines = log.mock.calls.map(([line]) => JSON.parse(String(line)).message);
    expect(lines).toEqual(['payment method not read', 'payment method not read']);
    expect((await opened(paid)).page.text).toContain(METHOD);
  });

  it.each(['disconnected_at = 1', 'access_refused_at = 1', "stripe_account_id = 'acct_another'"])(
    'is not asked for once the account is gone (%s)',
    async (change) => {
      const paid = await settled('paid');
      await paid.shop.database.run(
        `UPDATE connected_accounts SET ${change} WHERE workspace_id = '${paid.shop.workspace.id}'`,
      );
      const { page, asked } = await opened(paid);
      expectReceiptWithout(page);
      expect(asked).toEqual([]);
    },
  );

  it('is asked for at most five times a minute, however often a receipt is loaded', async () => {
    const paid = await settled('paid');
    const pages = await Promise.all(Array.from({ length: 5 }, () => donePage(paid.link, paid.session)));
    expect(pages.filter(({ text }) => !text.includes(METHOD))).toEqual([]);
    const { page, asked } = await opened(paid);
    expectReceiptWithout(page);
    expect(asked).toEqual([]);
    expect((await opened(await settled('paid'))).page.text).toContain(METHOD);
    passTime(60_000);
    expect((await opened(paid)).page.text).toContain(METHOD);
  });
});
