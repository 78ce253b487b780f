import { beforeEach, describe, expect, it } from 'vitest';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { eventsOf, madeAtStripe, sendQuietly, settledSession } from '../support/merchant-events.ts';
import { changed, eventOf, heldEvents, quarantined, readSession, stripePost } from '../support/payments.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { control, type SignedEvent } from '../support/simulator.ts';
import { call, contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** A shop with a paid payment, whose Stripe account was then replaced by another one. */
async function movedShop(): Promise<{ shop: TestWorkspace; id: number; intent: string; account: string }> {
  const shop = await newWorkspace();
  const { id, intent } = await settledSession(shop);
  const account = `${accountOf(shop.account)}b`;
  await control('POST', '/accounts', { id: account, livemode: false, charges_enabled: true });
  await attachAccount(await contextOf(shop.workspace), plainAccount(account, true));
  return { shop, id, intent, account };
}

async function refundAtStripe(shop: TestWorkspace, intent: string): Promise<SignedEvent[]> {
  await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent });
  return await heldEvents(shop);
}

const eventTypesOf = async (shop: TestWorkspace) => (await eventsOf(shop)).map(({ type }) => type).toSorted();

describe('A payment on an account that was replaced since', () => {
  beforeEach(async () => {
    await inEveryDatabase('DELETE FROM quarantined_stripe_events');
  });

  it('is refunded where that happens in the dashboard of the account that was charged', async () => {
    const { shop, id, intent } = await movedShop();
    await sendQuietly(await refundAtStripe(shop, intent));
    expect(await readSession(shop, id)).toMatchObject({ status: 'refunded' });
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.refunded', 'payments.payment.succeeded']);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('is refunded by API, and Stripe’s events of that refund are applied', async () => {
    const { shop, id } = await movedShop();
    expect((await call(shop.key, 'POST', `/payments/${id}/refunds`, {})).status).toBe(201);
    const [refund] = await rowsOf('refunds', shop.workspace.id);
    await control('POST', `/refunds/${refund?.stripe_refund_id}`, { status: 'failed' });
    await sendQuietly(await heldEvents(shop));
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ status: 'failed' }]);
  });

  it('is disputed there, and the end of the dispute is recorded too', async () => {
    const { shop, intent } = await movedShop();
    const dispute = await madeAtStripe(`/payment_intents/${intent}/dispute`, {});
    await control('POST', `/disputes/${dispute}/close`, { status: 'lost' });
    await sendQuietly(await heldEvents(shop));
    expect(await rowsOf('disputes', shop.workspace.id)).toMatchObject([{ stripe_dispute_id: dispute, status: 'lost' }]);
    expect(await eventTypesOf(shop)).toEqual([
      'payments.dispute.closed',
      'payments.dispute.opened',
      'payments.payment.succeeded',
    ]);
  });

  it('takes nothing from an account that was never charged for it', async () => {
    const { shop, intent } = await movedShop();
    const [event] = await refundAtStripe(shop, intent);
    if (!event) throw new Error('Stripe sent nothing');
    const forged = await changed(event, (content) => {
      content.account = 'acct_stranger';
    });
    await sendQuietly([forged]);
    expect(await rowsOf('refunds', shop.workspace.id)).toEqual([]);
  });

  it('is erased with its quarantined events', async () => {
    const { shop, intent } = await movedShop();
    const events = await refundAtStripe(shop, intent);
    const event = events.find((one) => eventOf(one).type === 'charge.refunded');
    if (!event) throw new Error('Stripe sent nothing');
    const foreign = await changed(event, (content) => {
      content.data.object.receipt_email = 'ann@example.com';
      content.data.object.metadata = { softsolz_operation: 'op_x', softsolz_workspace: 'another' };
    });
    await sendQuietly([foreign]);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'other_workspace' }]);
    expect(await eraseBuyer(await contextOf(shop.workspace), 'ann@example.com')).toMatchObject({
      payments: 1,
      quarantined: 1,
    });
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });
});

describe('An account that was replaced', () => {
  it('changes nothing of the one that is connected now, whatever becomes of it', async () => {
    const { shop, account } = await movedShop();
    const id = accountOf(shop.account);
    await control('POST', `/accounts/${id}/update`, { charges_enabled: false });
    await control('POST', `/accounts/${id}/deauthorize`, {});
    await sendQuietly(await heldEvents(shop));
    expect(await rowsOf('connected_accounts', shop.workspace.id)).toMatchObject([
      { stripe_account_id: account, charges_enabled: 1, disconnected_at: null },
    ]);
    expect(await eventTypesOf(shop)).toEqual(['payments.payment.succeeded']);
  });
});
