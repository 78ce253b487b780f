import { eventIdFor } from '../../core/derive.ts';
import { paymentResult, signedResultUrl } from '../../core/result-signature.ts';
import { withSessionId } from '../../core/urls.ts';
import { countReceivers } from '../../db/outbox.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { PlatformContext } from '../context.ts';

/** How long a buyer who has paid waits at most for the merchant to receive the webhook. */
const WAIT_FOR_WEBHOOK_MS = 15_000;
const PAID_EVENT = 'payments.payment.succeeded';

/**
 * The merchant's URL, with a signed result, to which a buyer who has paid is sent. The id of the Stripe session stands
 * in place of `{CHECKOUT_SESSION_ID}`. null: the link has no such URL, the payment is not paid or was refunded, or it is
 * too early. It is too early until a webhook endpoint has answered 2xx to `payments.payment.succeeded`, but for 15
 * seconds at most, and never if no endpoint is subscribed to that event.
 */
export async function makeContinueUrl(
  context: PlatformContext,
  { link, workspace }: LinkWithSeller,
  payment: PaymentView,
): Promise<string | null> {
  // After a refund no signed result may say that the payment is paid.
  if (link.successUrl === null || payment.status !== 'succeeded' || payment.refundedMinor > 0) return null;
  const now = context.now();
  const waited = now - payment.updatedAt >= WAIT_FOR_WEBHOOK_MS;
  if (!waited && !(await shopKnows(context, payment))) return null;
  const result = paymentResult(payment, { link: link.token, livemode: workspace.mode === 'live', at: now });
  const successUrl = withSessionId(link.successUrl, payment.stripeSessionId);
  return await signedResultUrl(await context.resultSigner(), successUrl, result);
}

async function shopKnows(context: PlatformContext, payment: PaymentView): Promise<boolean> {
  const { workspaceId, stripeSessionId } = payment;
  const id = await eventIdFor(context.shard, workspaceId, PAID_EVENT, stripeSessionId);
  const { subscribed, delivered } = await countReceivers(context.database, { id, workspaceId, type: PAID_EVENT });
  return subscribed === 0 || delivered > 0;
}
