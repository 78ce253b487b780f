import { customAlphabet } from 'nanoid';
import { deliveryIdFor } from '../../src/core/derive.ts';
import { BASE62, newApiKeyId, newOperationId, newWebhookEndpointId } from '../../src/core/ids.ts';
import type { DrawRowIds } from '../../src/core/row-ids.ts';
import type { Payment, PaymentView } from '../../src/db/payments.ts';
import { composeEvent, paymentData } from '../../src/domain/webhooks/event-data.ts';

const SHARD = '0';
const START = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;
const letters = customAlphabet(BASE62);

/** A workspace with its account, its key and its webhook endpoint. */
export type Shop = ReturnType<typeof newShop>;

/** A new workspace, with ids of the usual lengths. */
export function newShop() {
  return {
    workspaceId: crypto.randomUUID(),
    apiKeyId: newApiKeyId(SHARD),
    stripeAccountId: `acct_1${letters(15)}`,
    endpointId: newWebhookEndpointId(SHARD),
  };
}

/** The row of an open session. `number`: how many sessions were made before it. Ids are as long as Stripe's. */
export function newSession({ endpointId: _, ...shop }: Shop, number: number, drawIds: DrawRowIds): Payment {
  const createdAt = START + number * 977;
  const stripeSessionId = `cs_live_a1${letters(56)}`;
  return {
    ...shop,
    id: drawIds(SHARD, createdAt)[0],
    operationId: newOperationId(SHARD),
    stripeSessionId,
    stripePaymentIntentId: null,
    paymentLinkId: null,
    status: 'created',
    history: [],
    amountMinor: 1000 + (number % 9000),
    currency: 'GBP',
    description: `Order #${100_000 + number}`,
    reference: `order-${100_000 + number}`,
    customerEmail: null,
    metadata: { order_id: String(100_000 + number), customer_id: `cus_${letters(14)}` },
    expiresAt: createdAt + 31 * MINUTE,
    nextCheckAt: createdAt + MINUTE,
    checks: 0,
    createdAt,
    updatedAt: createdAt,
  };
}

/** The rows of a session that has ended: the payment, and its event with its delivery, and the delivery's attempt. */
export async function reportOf(shop: Shop, session: Payment, status: 'expired' | 'succeeded') {
  const at = session.createdAt + (status === 'expired' ? 31 : 2) * MINUTE;
  const isPaid = status === 'succeeded';
  const payment: PaymentView = {
    ...session,
    status,
    history: [{ status, at }],
    updatedAt: at,
    customerEmail: isPaid ? `${letters(9).toLowerCase()}@example.com` : null,
    stripePaymentIntentId: isPaid ? `pi_3${letters(23)}` : null,
    ...{
      paymentLinkToken: null,
      maxPayments: null,
      paymentLinkTitle: null,
      paidCount: null,
      refundedMinor: 0,
      hasRefunds: false,
    },
  };
  const event = await composeEvent(
    { shard: SHARD, now: () => at, workspace: { id: shop.workspaceId } },
    {
      type: 'payments.payment.succeeded',
      subject: session.stripeSessionId,
      paymentId: session.id,
      data: paymentData(payment),
    },
  );
  const { endpointId, workspaceId } = shop;
  const id = deliveryIdFor(event.id, endpointId);
  const delivery = {
    ...{ id, workspaceId, eventId: event.id, endpointId, status: 'pending' as const, attemptCount: 0 },
    ...{ attemptsBefore: 0, nextAttemptAt: at, createdAt: at, updatedAt: at },
  };
  const answer = { statusCode: 200, durationMs: 120, error: null, responseBody: '{"received":true}' };
  return { payment, event, delivery, attempt: { number: 1, at, ...answer } };
}
