import { shardOf } from '../../core/ids.ts';
import { auditIfChangedStatement } from '../../db/audit-log.ts';
import { findPaymentLink } from '../../db/payment-links.ts';
import {
  findPayment,
  findPaymentByIntent,
  findPaymentByOperation,
  insertAdoptedPayment,
  type Payment,
  type PaymentView,
  paymentIdBySession,
} from '../../db/payments.ts';
import { refundStatement } from '../../db/refunds.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import type { Claim } from './metadata.ts';
import { readRefunds, toRefundRows } from './record-refunds.ts';

/** The result of `adoptSession`. `refused`: this workspace can never store the session, however often Stripe reports it. */
type Adoption =
  | { readonly kind: 'adopted'; readonly payment: PaymentView }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Stores the payment of a session that was made at Stripe but not stored, because the Worker or the database failed.
 * Stores the session's refunds in the same batch. `claim`: the session's metadata, with which the payment is made.
 * Refuses a session without an amount, or whose operation or payment intent another payment has. Throws StripeFailure.
 */
export async function adoptSession(
  context: Context,
  session: StripeCheckoutSession,
  claim: Claim & { readonly operationId: string },
): Promise<Adoption> {
  const { database, workspace, account } = context;
  const { amountMinor, currency, customerEmail, createdAt, paymentIntentId } = session;
  const { operationId, reference, metadata, paymentLinkToken: token } = claim;
  if (!account) return { kind: 'refused', reason: 'unknown_account' };
  if (amountMinor === null || amountMinor < 1 || currency === null) return { kind: 'refused', reason: 'no_amount' };
  const reason = await conflictOf(context, session, operationId);
  if (reason !== null) return { kind: 'refused', reason };

  const { stripeAccountId } = account;
  const refunds = paymentIntentId === null ? null : await readRefunds(context, stripeAccountId, paymentIntentId);
  const owner = { workspaceId: workspace.id, paymentId: paymentIdBySession(session.id) };
  const link = token === null ? null : await findPaymentLink(database, workspace.id, token);
  const known = { operationId, stripeAccountId, amountMinor, currency, reference, metadata, customerEmail, createdAt };
  const beside = { paymentLinkId: link?.id ?? null, apiKeyId: null, description: null, nextCheckAt: context.now() };
  const audit = auditOf(context, 'checkout_session.adopt', session.id);
  const columns = { ...columnsOfSession(context, session), ...known, ...beside };
  const row = await insertAdoptedPayment(database, columns, audit, [
    auditIfChangedStatement(database, audit),
    ...toRefundRows(context, refunds ?? []).map((refund) => refundStatement(database, owner, refund, audit)),
  ]);
  const payment = row && (await findPayment(database, workspace.id, row.id));
  if (payment?.stripeSessionId === session.id) return { kind: 'adopted', payment };
  return { kind: 'refused', reason: 'operation_of_another_session' };
}

/**
 * Why the session is refused: another session's payment has its operation or payment intent, or the operation is of
 * another shard, whose payments cannot be seen from here. null: neither is taken.
 */
async function conflictOf(
  context: Context,
  session: StripeCheckoutSession,
  operationId: string,
): Promise<string | null> {
  const { database, workspace, shard } = context;
  const shardOfOperation = shardOf(operationId);
  if (shardOfOperation !== null && shardOfOperation !== shard) return 'operation_of_another_session';
  const sameOperation = await findPaymentByOperation(database, workspace.id, operationId);
  // Another run may have stored this session's payment since the caller looked for it.
  if (sameOperation) return sameOperation.stripeSessionId === session.id ? null : 'operation_of_another_session';
  if (session.paymentIntentId === null) return null;
  const sameIntent = await findPaymentByIntent(database, workspace.id, session.paymentIntentId);
  return sameIntent && sameIntent.stripeSessionId !== session.id ? 'payment_intent_of_another_session' : null;
}

/** Those columns of a payment's new row that its session decides, whoever opened it. */
export function columnsOfSession(context: Context, session: StripeCheckoutSession) {
  return {
    workspaceId: context.workspace.id,
    stripeSessionId: session.id,
    stripePaymentIntentId: null,
    status: 'created',
    history: [],
    expiresAt: session.expiresAt,
    checks: 0,
    updatedAt: context.now(),
  } satisfies Partial<Payment>;
}
