import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, expectError, rowsOf } from '../support/api.ts';
import { runCron } from '../support/direct.ts';
import { createKeyed, expectOneSession, failNext } from '../support/keyed.ts';
import { heldEvents } from '../support/payments.ts';
import { askRefund, expectOneRefund, paidSession, stripeRefunds } from '../support/refunds.ts';
import { control, pay, setConditions, stripeSessions } from '../support/simulator.ts';
import { newWorkspace } from '../support/workspace.ts';

const LAG = { list_lag_seconds: 4 };

afterEach(() => {
  vi.useRealTimers();
});

describe('while lists of Stripe lack what was made a moment ago', () => {
  it('a session whose answer was lost is found all the same: there is no second one', async () => {
    const shop = await newWorkspace();
    await setConditions(shop.account, LAG);
    await failNext(shop, 500, true);
    await expectError(await createKeyed(shop), 503, 'service_unavailable');
    const [made] = await stripeSessions(accountOf(shop.account));
    const session = await expectOneSession(shop, await createKeyed(shop));
    expect(session.stripe_session_id).toBe(made?.id);
  });

  it('a refund whose answer was lost is found all the same: the buyer is not refunded twice', async () => {
    const shop = await newWorkspace({ webhook: false });
    const payment = await paidSession(shop);
    await setConditions(shop.account, LAG);
    const ask = () => askRefund(shop, payment.id, { amount_cents: 1000 }, { key: 'refund-1042' });
    await failNext(shop, 500, true);
    await expectError(await ask(), 503, 'service_unavailable');
    expect(await stripeRefunds(shop, payment)).toEqual([]);
    await expectOneRefund(shop, payment, await ask());
  });

  it('no payment is lost: a list that lacks its events is read again', async () => {
    const shop = await newWorkspace();
    const session = await expectOneSession(shop, await createKeyed(shop));
    await setConditions(shop.account, { list_lag_seconds: 100 });
    await pay(session.stripe_session_id, 'paid');
    await heldEvents(shop);
    vi.useFakeTimers({ toFake: ['Date'] });
    for (const minutes of [1, 7]) {
      vi.setSystemTime(Date.now() + minutes * 60_000);
      if (minutes === 7) await setConditions(shop.account, {});
      await runCron();
    }
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect((await rowsOf('events', shop.workspace.id)).map(({ type }) => type)).toEqual(['payments.payment.succeeded']);
    await control('POST', '/conditions', { account: shop.account });
  });
});
