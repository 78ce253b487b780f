import { firstRowId } from '../../core/ids.ts';
import { findPaymentLink } from '../../db/payment-links.ts';
import { insertPayment, type PaymentView } from '../../db/payments.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import type { Claim } from './metadata.ts';

/**
 * Writes the row of a session that Stripe has and we lost (the Worker ended, or the database failed, between the two).
 * Its metadata says all the row needs. null where the operation's row is another session's: then it is not ours to pay.
 */
export async function adoptSession(
  context: Context,
  session: StripeCheckoutSession,
  claim: Claim,
): Promise<PaymentView | null> {
  const { operationId } = claim;
  if (operationId === null || session.amountMinor === null || session.currency === null || !context.account)
    return null;
  const link =
    claim.paymentLinkToken === null
      ? null
      : await findPaymentLink(context.database, context.workspace.id, claim.paymentLinkToken);
  const now = context.now();
  const row = await insertPayment(
    context.database,
    {
      workspaceId: context.workspace.id,
      operationId,
      stripeAccountId: context.account.stripeAccountId,
      stripeSessionId: session.id,
      stripePaymentIntentId: null,
      paymentLinkId: link?.id ?? null,
      status: 'created',
      amountMinor: session.amountMinor,
      currency: session.currency,
      description: null,
      reference: claim.reference,
      customerEmail: session.customerEmail,
      metadata: claim.metadata,
      checkoutUrl: session.url,
      expiresAt: session.expiresAt,
      nextCheckAt: now,
      checks: 0,
      createdAt: session.createdAt,
      updatedAt: now,
    },
    firstRowId(context.shard),
    auditOf(context, 'checkout_session.adopt', session.id),
  );
  if (row.stripeSessionId !== session.id || row.workspaceId !== context.workspace.id) return null;
  return { ...row, paymentLinkToken: link?.token ?? null, refundedMinor: 0 };
}
