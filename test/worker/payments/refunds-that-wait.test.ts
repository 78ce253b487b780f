import { describe, expect, it } from 'vitest';
import { expectError } from '../support/api.ts';
import { eventsOf } from '../support/merchant-events.ts';
import { heldEvents, sendAll } from '../support/payments.ts';
import { askRefund, expectRefund, type PaidSession, paidSession, readPayment } from '../support/refunds.ts';
import { control, setConditions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const REFUNDED = 'payments.payment.refunded';

/** A refund of everything, that does not go through at once. */
async function waitingRefund(shop: TestWorkspace, payment: PaidSession, refund_status: string) {
  await setConditions(shop.account, { refund_status });
  const refund = await expectRefund(await askRefund(shop, payment.id));
  await sendAll(await heldEvents(shop));
  expect(refund.status).toBe(refund_status);
  expect(await eventsOf(shop, REFUNDED)).toEqual([]);
  return refund;
}

/** What becomes of the refund at Stripe, with the events that Stripe sends of it. */
async function move(shop: TestWorkspace, id: string, status: string): Promise<void> {
  await control('POST', `/refunds/${id}`, { status });
  await sendAll(await heldEvents(shop));
}

describe('a refund that does not reach the buyer at once', () => {
  it.each(['pending', 'requires_action'])('is %s at first, and is reported when it goes through', async (first) => {
    const shop = await newWorkspace();
    const payment = await paidSession(shop);
    const { stripe_refund_id: id } = await waitingRefund(shop, payment, first);
    await expectError(await askRefund(shop, payment.id), 409, 'payment_not_refundable');
    await move(shop, id, 'succeeded');
    expect(await readPayment(shop, payment.id)).toMatchObject({
      status: 'refunded',
      refunds: [{ status: 'succeeded' }],
    });
    expect(await eventsOf(shop, REFUNDED)).toHaveLength(1);
  });

  it('and is canceled, because the buyer does nothing, can be made again', async () => {
    const shop = await newWorkspace();
    const payment = await paidSession(shop);
    const { stripe_refund_id: id } = await waitingRefund(shop, payment, 'requires_action');
    await move(shop, id, 'canceled');
    expect(await readPayment(shop, payment.id)).toMatchObject({ refunded_cents: 0, refunds: [{ status: 'canceled' }] });
    await setConditions(shop.account, {});
    expect((await expectRefund(await askRefund(shop, payment.id))).status).toBe('succeeded');
  });
});
