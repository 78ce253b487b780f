import { nextSessionCheck } from '../../core/check-schedule.ts';
import { firstRowId } from '../../core/ids.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { findPaymentByOperation, insertPayment, type Payment, type PaymentView } from '../../db/payments.ts';
import type { StripeCheckoutSession } from '../../stripe/gateway.ts';
import { auditOf, type Context, chargeableAccount } from '../context.ts';
import { askingStripe } from '../stripe-errors.ts';
import { stripeMetadata } from './metadata.ts';
import { openStripeSession, type RunningOperation } from './open-stripe-session.ts';
import { type PriceRequest, resolvePrice } from './price.ts';

export interface CreateSession {
  readonly price: PriceRequest;
  readonly description: string | null;
  readonly reference: string | null;
  readonly customerEmail: string | null;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Makes a Stripe-hosted Checkout session on the workspace's own account (a direct charge, no platform fee) and its row.
 * One operation makes one session and one row, however often it is resumed.
 * Throws `CONNECT_ACCOUNT_MISSING`, `CONNECT_ACCOUNT_NOT_READY`, `not_found`, `payment_link_inactive`, `invalid_amount`,
 * `stripe_error`, `service_unavailable`.
 */
export async function createSession(
  context: Context,
  running: RunningOperation,
  input: CreateSession,
): Promise<PaymentView> {
  const { operation } = running;
  if (operation.resumed) {
    const written = await findPaymentByOperation(context.database, context.workspace.id, operation.id);
    if (written) return written;
  }
  const account = chargeableAccount(context);
  const { price, link } = await resolvePrice(context, input.price);
  const session = await askingStripe(() =>
    openStripeSession(context, running, {
      account: account.stripeAccountId,
      amountMinor: price.amountMinor,
      currency: price.currency,
      productName: link?.title ?? (input.description?.trim() || 'Payment'),
      customerEmail: input.customerEmail,
      successUrl: input.successUrl,
      cancelUrl: input.cancelUrl,
      metadata: stripeMetadata(context, {
        operationId: operation.id,
        metadata: input.metadata,
        reference: input.reference,
        paymentLinkToken: link?.token ?? null,
      }),
    }),
  );
  const row = toRow(context, session, {
    operationId: operation.id,
    account: account.stripeAccountId,
    price,
    link,
    input,
  });
  const payment = await insertPayment(
    context.database,
    row,
    firstRowId(context.shard),
    auditOf(context, 'checkout_session.create', session.id),
  );
  return { ...payment, paymentLinkToken: link?.token ?? null, refundedMinor: 0 };
}

interface Made {
  readonly operationId: string;
  readonly account: string;
  readonly price: { readonly amountMinor: number; readonly currency: string };
  readonly link: PaymentLink | null;
  readonly input: CreateSession;
}

function toRow(context: Context, session: StripeCheckoutSession, made: Made): Omit<Payment, 'id'> {
  const now = context.now();
  const { input } = made;
  return {
    workspaceId: context.workspace.id,
    operationId: made.operationId,
    stripeAccountId: made.account,
    stripeSessionId: session.id,
    stripePaymentIntentId: null,
    paymentLinkId: made.link?.id ?? null,
    status: 'created',
    // A session adopted from an earlier try keeps the price it was made with, whatever the link says by now.
    amountMinor: session.amountMinor ?? made.price.amountMinor,
    currency: session.currency ?? made.price.currency,
    description: input.description,
    reference: input.reference,
    customerEmail: input.customerEmail,
    metadata: { ...input.metadata },
    checkoutUrl: session.url,
    expiresAt: session.expiresAt,
    nextCheckAt: nextSessionCheck({ createdAt: now, expiresAt: session.expiresAt, checks: 0 }, now),
    checks: 0,
    createdAt: now,
    updatedAt: now,
  };
}
