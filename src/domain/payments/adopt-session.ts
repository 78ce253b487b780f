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

/** `refused`: what Stripe says of the session makes no payment of ours, and never will. */
export type Adoption =
  | { readonly kind: 'adopted'; readonly payment: PaymentView }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Writes the row of a session that Stripe has and we lost (the Worker ended, or the database failed, between the two), with
 * the refunds that Stripe already has of it, in one batch. Its metadata says all the row needs. Refused where the session
 * has no amount, or its operation or payment intent is another session's. Throws StripeFailure while Stripe cannot be asked.
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
  const reason = await takenBy(context, session, claim.operationId);
  if (reason !== null) return { kind: 'refused', reason };

  const { paymentLinkToken: token } = claim;
  const link = token === null ? null : await findPaymentLink(database, workspace.id, token);
  const refunds =
    paymentIntentId === null ? null : await readRefunds(context, account.stripeAccountId, paymentIntentId);
  const firstId = firstRowId(context.shard);
  const owner = { workspaceId: workspace.id, paymentId: paymentIdBySession(session.id) };
  const row = await insertPayment(
    database,
    toRow(context, session, {
      workspaceId: workspace.id,
      operationId: claim.operationId,
      stripeAccountId: account.stripeAccountId,
      paymentLinkId: link?.id ?? null,
      amountMinor,
      currency,
      reference: claim.reference,
      metadata: claim.metadata,
    }),
    firstId,
    auditOf(context, 'checkout_session.adopt', session.id),
    toRefundRows(context, refunds ?? []).map((refund) => refundStatement(database, owner, refund, firstId)),
  );
  const payment = await findPayment(database, workspace.id, row.id);
  if (payment?.stripeSessionId === session.id) return { kind: 'adopted', payment };
  return { kind: 'refused', reason: 'operation_of_another_session' };
}

/** Why another payment stands where this session would, or null. */
async function takenBy(context: Context, session: StripeCheckoutSession, operationId: string): Promise<string | null> {
  const { database, workspace } = context;
  const sameOperation = await findPaymentByOperation(database, workspace.id, operationId);
  // Between the first look and this one another run may have written the very row.
  if (sameOperation) return sameOperation.stripeSessionId === session.id ? null : 'operation_of_another_session';
  if (session.paymentIntentId === null) return null;
  const sameIntent = await findPaymentByIntent(database, workspace.id, session.paymentIntentId);
  return sameIntent && sameIntent.stripeSessionId !== session.id ? 'payment_intent_of_another_session' : null;
}

type RowFacts = Pick<
  Payment,
  | 'workspaceId'
  | 'operationId'
  | 'stripeAccountId'
  | 'paymentLinkId'
  | 'amountMinor'
  | 'currency'
  | 'reference'
  | 'metadata'
>;

function toRow(context: Context, session: StripeCheckoutSession, facts: RowFacts): Omit<Payment, 'id'> {
  const now = context.now();
  return {
    ...facts,
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
