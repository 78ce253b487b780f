import { describe, expect, it } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { changed, everything, heldEvent, openSession, quarantined, sendAll } from '../support/payments.ts';
import { askRefund, expectRefund, paidSession } from '../support/refunds.ts';
import { pay, type SignedEvent, sendStripeEvent } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const TYPES = ['charge.refund.updated', 'refund.created', 'refund.updated', 'refund.failed'];

/** Without an endpoint: no delivery of an earlier test writes while a later one looks. */
const newShop = () => newWorkspace({ webhook: false });

interface Refund {
  readonly type: string;
  readonly account?: string;
  readonly intent?: string;
  readonly metadata?: Record<string, string>;
}

/** An event of a refund that is not ours, but for the members given. */
async function refundEvent(shop: TestWorkspace, refund: Refund): Promise<SignedEvent> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  return await changed(await heldEvent(shop, 'checkout.session.completed'), (content) => {
    content.type = refund.type;
    content.account = refund.account ?? shop.account;
    content.data.object = {
      ...{ id: 're_elsewhere', object: 'refund', amount: 100, currency: 'gbp', status: 'succeeded', created: 1 },
      ...{ payment_intent: refund.intent ?? 'pi_elsewhere', metadata: refund.metadata ?? {} },
    };
  });
}

const claim = (workspace: string) => ({ softsolz_operation: 'op_0elsewhere', softsolz_workspace: workspace });

/** Sends the event: it is answered 200, and nothing is written but to the quarantine. Answers the reasons there. */
async function reasonsFor(event: SignedEvent, account: string): Promise<unknown[]> {
  const { quarantined_stripe_events: _before, ...before } = await everything();
  expect((await sendStripeEvent(event)).status).toBe(200);
  const { quarantined_stripe_events: _after, ...after } = await everything();
  expect(after).toEqual(before);
  return (await quarantined(account)).map(({ reason }) => reason);
}

describe.each(TYPES)('A %s', (type) => {
  it('with our metadata and an unknown account is quarantined', async () => {
    const shop = await newShop();
    const account = `acct_strange_${shop.workspace.id.slice(0, 8)}`;
    const event = await refundEvent(shop, { type, account, metadata: claim(shop.workspace.id) });
    expect(await reasonsFor(event, account)).toEqual(['unknown_account']);
  });

  it('without our metadata and of an unknown account is ignored', async () => {
    const shop = await newShop();
    const account = `acct_strange_${shop.workspace.id.slice(0, 8)}`;
    expect(await reasonsFor(await refundEvent(shop, { type, account }), account)).toEqual([]);
  });

  it("with another workspace's metadata is quarantined, whatever payment it names", async () => {
    const [shop, other] = [await newShop(), await newShop()];
    const { intent } = await paidSession(shop);
    for (const refund of [{ type }, { type, intent }]) {
      const event = await refundEvent(shop, { ...refund, metadata: claim(other.workspace.id) });
      const reasons = await reasonsFor(event, accountOf(shop.account));
      expect(new Set(reasons)).toEqual(new Set(['other_workspace']));
    }
    expect(await quarantined(accountOf(shop.account))).toHaveLength(2);
  });

  it('of our own workspace whose payment intent we do not know yet is ignored: it is read when the payment arrives', async () => {
    const shop = await newShop();
    const event = await refundEvent(shop, { type, metadata: claim(shop.workspace.id) });
    expect(await reasonsFor(event, accountOf(shop.account))).toEqual([]);
  });
});

describe('The events of a refund that the API made', () => {
  it('are accepted, and add nothing', async () => {
    const shop = await newShop();
    const payment = await paidSession(shop);
    await expectRefund(await askRefund(shop, payment.id, { amount_cents: 100 }));
    await sendAll([await heldEvent(shop, 'refund.created')]);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
    expect(await rowsOf('refunds', shop.workspace.id)).toHaveLength(1);
  });
});
