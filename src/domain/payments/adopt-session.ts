import { firstRowId } from '../../core/ids.ts';
import { findPaymentLink } from '../../db/payment-links.ts';
import {
  findPayment,
  findPaymentByIntent,
  findPaymentByOperation,
  insertPayment,
  type Payment,
  type PaymentView,
  paymentIdBySession,
} from '../../db/payments.ts';
import { refundStatement } from '../../db/refunds.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import type { Claim } from './metadata.ts';
import { readRefunds, toRefundRows } from './record-refunds.ts';

/** `refused`: the session cannot become a payment of this workspace, however often Stripe reports it. */
export type Adoption =
  | { readonly kind: 'adopted'; readonly payment: PaymentView }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Writes the row of a session that was made at Stripe and never stored, because the Worker or the database failed after that.
 * The session's metadata contains all that the row needs; refunds that Stripe already has are written in the same batch. Refused
 * where it has no amount, or where its operation or payment intent belongs to another session. Throws StripeFailure.
 */
export async function adoptSession(
  context: Context,
  session: StripeCheckoutSession,
  claim: Claim & { readonly operationId: string },
): Promise<Adoption> {
  const { database, workspace, account } = context;
  const { amountMinor, currency, paymentIntentId } = session;
  if (!account) return { kind: 'refused', reason: 'unknown_account' };
  if (amountMinor === null || amountMinor < 1 || currency === null) return { kind: 'refused', reason: 'no_amount' };
  const reason = await conflictOf(context, session, claim.operationId);
  if (reason !== null) return { kind: 'refused', reason };

  const { stripeAccountId } = account;
  const refunds = paymentIntentId === null ? null : await readRefunds(context, stripeAccountId, paymentIntentId);
  const firstId = firstRowId(context.shard);
  const owner = { workspaceId: workspace.id, paymentId: paymentIdBySession(session.id) };
  const row = await insertPayment(
    database,
    { ...(await toRow(context, session, claim)), stripeAccountId, amountMinor, currency },
    firstId,
    auditOf(context, 'checkout_session.adopt', session.id),
    toRefundRows(context, refunds ?? []).map((refund) => refundStatement(database, owner, refund, firstId)),
  );
  const payment = row && (await findPayment(database, workspace.id, row.id));
  if (payment?.stripeSessionId === session.id) return { kind: 'adopted', payment };
  return { kind: 'refused', reason: 'operation_of_another_session' };
}

/** Why the row cannot be written, because another payment has the operation or the payment intent; else null. */
async function conflictOf(
  context: Context,
  session: StripeCheckoutSession,
  operationId: string,
): Promise<string | null> {
  const { database, workspace } = context;
  const sameOperation = await findPaymentByOperation(database, workspace.id, operationId);
  // Another run may have written this very row since the session was first looked for.
  if (sameOperation) return sameOperation.stripeSessionId === session.id ? null : 'operation_of_another_session';
  if (session.paymentIntentId === null) return null;
  const sameIntent = await findPaymentByIntent(database, workspace.id, session.paymentIntentId);
  return sameIntent && sameIntent.stripeSessionId !== session.id ? 'payment_intent_of_another_session' : null;
}

async function toRow(
  context: Context,
  session: StripeCheckoutSession,
  { operationId, reference, metadata, paymentLinkToken: token }: Claim & { readonly operationId: string },
): Promise<Omit<Payment, 'id' | 'stripeAccountId' | 'amountMinor' | 'currency'>> {
  const { database, workspace } = context;
  const now = context.now();
  const link = token === null ? null : await findPaymentLink(database, workspace.id, token);
  return {
    workspaceId: workspace.id,
    operationId,
    paymentLinkId: link?.id ?? null,
    reference,
    metadata,
    stripeSessionId: session.id,
    stripePaymentIntentId: null,
    status: 'created',
    description: null,
    customerEmail: session.customerEmail,
    checkoutUrl: session.url,
    expiresAt: session.expiresAt,
    nextCheckAt: now,
    history: [],
    checks: 0,
    createdAt: session.createdAt,
    updatedAt: now,
  };
}
