import { describe, expect, it } from 'vitest';
import { accountOf, expectError, expectSession, rowsOf } from '../support/api.ts';
import { eventTypesOf, madeAtStripe } from '../support/merchant-events.ts';
import { accountIn, askForLink, beginOnboarding, decide, readAccount } from '../support/onboarding.ts';
import { heldEvents, sendAll, stripePost } from '../support/payments.ts';
import { poll } from '../support/polling.ts';
import { askRefund, expectRefund, paidSession, refundRows, stripeRefunds } from '../support/refunds.ts';
import { control, pay } from '../support/simulator.ts';
import { call, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;
const create = (shop: TestWorkspace, body = {}) =>
  call(shop.key, 'POST', '/checkout-sessions', { ...SESSION, ...body });
const REFUSED = [409, 'CONNECT_ACCOUNT_NOT_READY'] as const;

describe('After the merchant has disconnected the account here', () => {
  async function disconnected() {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    expect(await accountIn(await call(shop.key, 'POST', '/account/disconnect', {}))).toMatchObject({
      state: 'disconnected',
    });
    return { shop, payment };
  }

  it('a dispute still arrives', async () => {
    const { shop, payment } = await disconnected();
    const dispute = await madeAtStripe(`/payment_intents/${payment.intent}/dispute`, {});
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([{ stripe_dispute_id: dispute }]);
    expect(await eventTypesOf(shop)).toContain('payments.dispute.opened');
  });

  it('a refund that is made at Stripe still arrives', async () => {
    const { shop, payment } = await disconnected();
    const { id } = await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: payment.intent });
    await sendAll(await heldEvents(shop));
    expect(await refundRows(shop)).toMatchObject([{ stripe_refund_id: id }]);
    expect(await eventTypesOf(shop)).toContain('payments.payment.refunded');
  });

  it('a refund by API still works', async () => {
    const { shop, payment } = await disconnected();
    const refund = await expectRefund(await askRefund(shop, payment.id));
    expect((await stripeRefunds(shop, payment)).map(({ id }) => id)).toEqual([refund.stripe_refund_id]);
  });
});

describe('After the owner has taken the access away at Stripe', () => {
  async function deauthorized() {
    const shop = await newWorkspace(quiet);
    const payment = await paidSession(shop);
    await control('POST', `/accounts/${accountOf(shop.account)}/deauthorize`, {});
    await sendAll(await heldEvents(shop));
    return { shop, payment };
  }

  it('sessions are refused', async () => {
    const { shop } = await deauthorized();
    const { message } = await expectError(await create(shop), ...REFUSED);
    expect(message).toContain('Access to it was taken away at Stripe.');
  });

  it('a refund by API is refused, and so is every other call for the account', async () => {
    const { shop, payment } = await deauthorized();
    await expectError(await askRefund(shop, payment.id), ...REFUSED);
    await expectError(await askForLink(shop), ...REFUSED);
    await expectError(await call(shop.key, 'POST', '/account/dashboard-links', {}), ...REFUSED);
  });

  it('nothing more arrives, neither by events nor by the cron', async () => {
    const { shop, payment } = await deauthorized();
    await madeAtStripe(`/payment_intents/${payment.intent}/dispute`, {});
    expect(await heldEvents(shop)).toEqual([]);
    await poll();
    expect(await rowsOf('disputes', shop.workspace.id)).toEqual([]);
    expect(await readAccount(shop)).toMatchObject({ state: 'disconnected' });
  });
});

describe('An account that loses its cards', () => {
  it('has taken a paid link, is refused with the reason, and is paid again once it has them back', async () => {
    const shop = await beginOnboarding(await newWorkspace({ account: 'none', webhook: false }));
    await decide(shop, 'ready');
    const { token } = await shop.link();
    const payLink = async () => {
      const session = await expectSession(await create(shop, { payment_link_token: token }));
      await pay(session.stripe_session_id, 'paid');
      await sendAll(await heldEvents(shop));
    };
    await payLink();
    await decide(shop, 'loses_cards');
    const { message } = await expectError(await create(shop, { payment_link_token: token }), ...REFUSED);
    expect(message).toMatch(/\(state: action_needed\)\. Stripe needs .+ POST \/account\/onboarding-links/);
    await decide(shop, 'regains_cards');
    await payLink();
    const payments = await rowsOf('payments', shop.workspace.id);
    expect(payments.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });
});
