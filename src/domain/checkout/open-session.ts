import { logLine } from '../../core/log.ts';
import type { Money } from '../../core/money/money.ts';
import { nextSessionCheck } from '../../core/schedules.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { insertPayment, type Payment, type PaymentView } from '../../db/payments.ts';
import { type CheckoutUi, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import { recordLostCharges } from '../accounts/sync-account.ts';
import type { Context } from '../context.ts';
import { freePlace, updatePlace } from '../links/places.ts';
import type { RunningOperation } from '../operations.ts';
import { columnsOfSession } from '../payments/adopt-session.ts';
import { stripeMetadata } from '../payments/metadata.ts';
import { openStripeSession, repeatStripeSession, type SessionRequest } from './open-stripe-session.ts';

/** A checkout session to open, with its final price. */
export interface SessionToOpen extends RunningOperation {
  readonly account: string;
  readonly price: Money;
  readonly link: PaymentLink | null;
  /** True if the operation had no place of the link before: then no session of an earlier try can need the place. */
  readonly placeIsNew: boolean;
  readonly description: string | null;
  readonly reference: string | null;
  readonly customerEmail: string | null;
  readonly ui: CheckoutUi;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The stored payment of a session, and where its buyer pays. Only Stripe knows that: it is not in the database. */
export interface SessionWithUrl {
  readonly payment: PaymentView;
  /** null if the buyer pays in our frame, or if the session has ended. */
  readonly url: string | null;
}

/** A session that was opened, hosted by Stripe or embedded in our frame. */
export interface OpenedSession extends SessionWithUrl {
  /** null if the buyer pays on Stripe's own page, or if the session has ended. */
  readonly clientSecret: string | null;
}

/**
 * Opens the Stripe session of an operation and stores its payment. For a link, the caller takes a place first; if
 * Stripe refuses the session, a place that is new (`placeIsNew`) is freed. A refusal because the account may not charge
 * is stored. Throws StripeFailure.
 */
export async function openSession(context: Context, wanted: SessionToOpen): Promise<OpenedSession> {
  const { operation, link } = wanted;
  const place = link && { ...link, operationId: operation.id };
  const session = await createAtStripe(context, wanted).catch(async (error) => {
    const wasRefused = error instanceof StripeFailure && !error.mayHaveHappened;
    if (place && wasRefused && wanted.placeIsNew) await freePlace(context, place);
    if (wasRefused) await noteRefusal(context, wanted.account, error);
    throw error;
  });
  const origin = { shard: context.shard, at: context.now() };
  const payment = await insertPayment(context.database, toRow(context, session, wanted), origin);
  if (!payment) throw new Error(`The operation ${operation.id} is that of another workspace`);
  // A resumed operation may have stored the payment before, and the session may have ended since.
  if (place) await updatePlace(context, place, payment.status);
  const ofLink = {
    paymentLinkToken: link?.token ?? null,
    paymentLinkTitle: link?.title ?? null,
    maxPayments: link?.maxPayments ?? null,
    paidCount: link?.paidCount ?? null,
  };
  const beside = { ...ofLink, refundedMinor: 0, hasRefunds: false };
  return { payment: { ...payment, ...beside }, url: session.url, clientSecret: session.clientSecret };
}

/**
 * The URL of a session that an earlier try of `operation` has stored as `made`: as it was first answered, even if the
 * session is paid by now. null if Stripe has only the session that has ended. Throws StripeFailure.
 */
export async function firstUrl(
  context: Context,
  wanted: Omit<SessionToOpen, 'account' | 'price' | 'placeIsNew'>,
  made: PaymentView,
): Promise<string | null> {
  const request = requestOf(context, { ...wanted, account: made.stripeAccountId, price: made });
  return (await repeatStripeSession(context, { ...request, operation: wanted.operation, made })).url;
}

/** Logs and stores a refusal that is about the account. Buyers do not read it, and a merchant only in the API's answer. */
async function noteRefusal(context: Context, account: string, { kind, message }: StripeFailure): Promise<void> {
  if (kind !== 'charges_lost' && kind !== 'account_settings') return;
  const where = { request_id: context.requestId, workspace: context.workspace.id, account };
  logLine('warn', 'account refused by Stripe', { ...where, reason: message });
  if (kind === 'charges_lost') await recordLostCharges(context, account);
}

function createAtStripe(context: Context, wanted: SessionToOpen): Promise<StripeCheckoutSession> {
  const { operation, heldKey } = wanted;
  return openStripeSession(context, { ...requestOf(context, wanted), operation, heldKey });
}

/** The request to Stripe. It must be the same each time that an operation sends it. */
function requestOf(context: Context, wanted: Omit<SessionToOpen, 'heldKey' | 'placeIsNew'>): SessionRequest {
  const { link, price } = wanted;
  return {
    account: wanted.account,
    amountMinor: price.amountMinor,
    currency: price.currency,
    productName: link?.title ?? wanted.description?.trim() ?? 'Payment',
    customerEmail: wanted.customerEmail,
    ui: wanted.ui,
    metadata: stripeMetadata(context, {
      operationId: wanted.operation.id,
      metadata: wanted.metadata,
      reference: wanted.reference,
      paymentLinkToken: link?.token ?? null,
    }),
  };
}

function toRow(context: Context, session: StripeCheckoutSession, wanted: SessionToOpen): Omit<Payment, 'id'> {
  const now = context.now();
  return {
    ...columnsOfSession(context, session),
    operationId: wanted.operation.id,
    stripeAccountId: wanted.account,
    paymentLinkId: wanted.link?.id ?? null,
    apiKeyId: context.actor.kind === 'key' ? context.actor.id : null,
    // An earlier try may have made this session, with the price that the link had then.
    amountMinor: session.amountMinor ?? wanted.price.amountMinor,
    currency: session.currency ?? wanted.price.currency,
    description: wanted.description,
    reference: wanted.reference,
    customerEmail: wanted.customerEmail,
    metadata: { ...wanted.metadata },
    nextCheckAt: nextSessionCheck({ createdAt: now, expiresAt: session.expiresAt, checks: 0 }, now),
    createdAt: now,
  };
}
