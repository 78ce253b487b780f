import { firstRowId } from '../../core/ids.ts';
import type { Money } from '../../core/money/money.ts';
import { nextSessionCheck } from '../../core/schedules.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { insertPayment, type Payment, type PaymentView } from '../../db/payments.ts';
import { type CheckoutUi, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { freePlace, updatePlace } from '../links/places.ts';
import type { RunningOperation } from '../operations.ts';
import { stripeMetadata } from '../payments/metadata.ts';
import { openStripeSession } from './open-stripe-session.ts';

/** A session to open, with its price decided. */
export interface SessionToOpen extends RunningOperation {
  readonly account: string;
  readonly price: Money;
  readonly link: PaymentLink | null;
  /** True where the operation had no place of the link before: then no earlier try has a session that needs the place. */
  readonly placeIsNew: boolean;
  readonly description: string | null;
  readonly reference: string | null;
  readonly customerEmail: string | null;
  readonly ui: CheckoutUi;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A session's row, and its client secret, which only Stripe stores. */
export interface OpenedSession {
  readonly payment: PaymentView;
  /** null: the session is hosted by Stripe, or it has ended. */
  readonly clientSecret: string | null;
}

/**
 * Opens the Stripe session of an operation and writes its row: one call, one write. Where the link is limited, the caller has
 * taken a place; it is freed here if Stripe refuses the session. Throws StripeFailure.
 */
export async function openSession(context: Context, wanted: SessionToOpen): Promise<OpenedSession> {
  const { operation, link } = wanted;
  const place = link && { ...link, operationId: operation.id };
  const session = await createAtStripe(context, wanted).catch(async (error) => {
    const wasRefused = error instanceof StripeFailure && !error.mayHaveHappened;
    if (place && wasRefused && wanted.placeIsNew) await freePlace(context, place);
    throw error;
  });
  const payment = await insertPayment(
    context.database,
    toRow(context, session, wanted),
    firstRowId(context.shard),
    auditOf(context, 'checkout_session.create', session.id),
  );
  if (!payment) throw new Error(`The operation ${operation.id} is that of another workspace`);
  // The row may be older than this request, and its session may have ended.
  if (place) await updatePlace(context, place, payment.status);
  const beside = { paymentLinkToken: link?.token ?? null, maxPayments: link?.maxPayments ?? null, refundedMinor: 0 };
  return { payment: { ...payment, ...beside }, clientSecret: session.clientSecret };
}

function createAtStripe(context: Context, wanted: SessionToOpen): Promise<StripeCheckoutSession> {
  const { link, price } = wanted;
  return openStripeSession(context, {
    operation: wanted.operation,
    idempotencyName: wanted.idempotencyName,
    account: wanted.account,
    amountMinor: price.amountMinor,
    currency: price.currency,
    productName: link?.title ?? (wanted.description?.trim() || 'Payment'),
    customerEmail: wanted.customerEmail,
    ui: wanted.ui,
    metadata: stripeMetadata(context, {
      operationId: wanted.operation.id,
      metadata: wanted.metadata,
      reference: wanted.reference,
      paymentLinkToken: link?.token ?? null,
    }),
  });
}

function toRow(context: Context, session: StripeCheckoutSession, wanted: SessionToOpen): Omit<Payment, 'id'> {
  const now = context.now();
  return {
    workspaceId: context.workspace.id,
    operationId: wanted.operation.id,
    stripeAccountId: wanted.account,
    stripeSessionId: session.id,
    stripePaymentIntentId: null,
    paymentLinkId: wanted.link?.id ?? null,
    history: [],
    status: 'created',
    // A session of an earlier try keeps its price, although the link may have another one now.
    amountMinor: session.amountMinor ?? wanted.price.amountMinor,
    currency: session.currency ?? wanted.price.currency,
    description: wanted.description,
    reference: wanted.reference,
    customerEmail: wanted.customerEmail,
    metadata: { ...wanted.metadata },
    checkoutUrl: session.url,
    expiresAt: session.expiresAt,
    nextCheckAt: nextSessionCheck({ createdAt: now, expiresAt: session.expiresAt, checks: 0 }, now),
    checks: 0,
    createdAt: now,
    updatedAt: now,
  };
}
