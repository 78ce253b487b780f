import { operationIdOfForm } from '../../core/derive.ts';
import type { Money } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { findPaymentByOperation, type PaymentView } from '../../db/payments.ts';
import type { Operation } from '../../objects/idempotency-store.ts';
import type { TakePlaceInput, TakePlaceResult } from '../../objects/link-gate.ts';
import { type CheckoutUi, StripeFailure } from '../../stripe/gateway.ts';
import { chargeableAccount } from '../accounts/chargeable-account.ts';
import type { Context } from '../context.ts';
import { enterLink, updatePlace } from '../links/places.ts';
import { type OpenedSession, openSession, type SessionToOpen } from './open-session.ts';
import { SESSION_LIFETIME_MS } from './open-stripe-session.ts';

const MINUTE_MS = 60_000;
/** While the same form is still being sent to Stripe by another request: how often to try, and how long to wait in between. */
const TRIES = 6;
const WAIT_MS = 500;

/** A form that a buyer sent, checked by the route. */
export interface PayLink {
  readonly link: PaymentLink;
  /** The random id of the form: the same form with the same content makes the same session. */
  readonly form: string;
  readonly price: Money;
  readonly customerEmail: string | null;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ui: CheckoutUi;
  readonly visitor: NonNullable<TakePlaceInput['visitor']>;
  /** Verifies the form's proof that its sender is human. Called only where the link has too many visitors: it costs a request. */
  readonly isHuman: () => Promise<boolean>;
}

/**
 * The result of a buyer's form. `checkout`: the buyer pays at `url`. `embedded`: the buyer pays in Stripe's form on our page.
 * `spent`: the form's session has ended unpaid, and a new form is needed. `paid`: it was paid already, and must not be paid
 * again. `amount_refused`: the amount is outside Stripe's own limits in the account's currency.
 */
export type PayLinkResult =
  | { readonly kind: 'checkout'; readonly url: string; readonly payment: PaymentView }
  | { readonly kind: 'embedded'; readonly clientSecret: string; readonly payment: PaymentView }
  | { readonly kind: 'spent' }
  | { readonly kind: 'paid'; readonly payment: PaymentView }
  | { readonly kind: 'amount_refused' }
  | Exclude<TakePlaceResult, { kind: 'taken' }>;

/**
 * Makes the Stripe session in which a buyer pays a link, hosted by Stripe or embedded in our page. One form with one content
 * makes one session, however often it is sent. An e-mail address that Stripe refuses is left out. Costs two database round
 * trips with the one that read the link, one Stripe call, and one call to the link's gate, two where the link is limited.
 * Throws `CONNECT_ACCOUNT_MISSING`, `CONNECT_ACCOUNT_NOT_READY` and StripeFailure.
 */
export async function payLink(context: Context, input: PayLink): Promise<PayLinkResult> {
  try {
    return await payWith(context, input);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    if (error.kind === 'invalid_amount') return { kind: 'amount_refused' };
    if (error.kind !== 'invalid_email' || input.customerEmail === null) throw error;
    // The address came with the link; the buyer can enter another one at Checkout.
    return await payLink(context, { ...input, customerEmail: null });
  }
}

async function payWith(context: Context, input: PayLink): Promise<PayLinkResult> {
  const account = chargeableAccount(context).stripeAccountId;
  const operationId = await operationIdOfForm(context.shard, input.form, [
    input.link.token,
    String(input.price.amountMinor),
    input.price.currency,
    input.customerEmail ?? '',
    input.reference ?? '',
    JSON.stringify(input.metadata),
    ...(input.ui.kind === 'hosted' ? [] : [input.ui.kind]),
  ]);
  const entered = await enter(context, input, operationId);
  if (entered.kind !== 'taken') return entered;

  const operation = operationAt(operationId, context.now());
  const fixed = { account, operation, idempotencyName: null, description: null, placeIsNew: entered.isNew };
  const opened = await openOnce(context, { ...input, ...fixed });
  if (!opened) return { kind: 'spent' };
  const { payment } = opened;
  if (opened.isPaid) return { kind: 'paid', payment };
  const isOpen = payment.status === 'created' && payment.expiresAt > context.now();
  if (isOpen && payment.checkoutUrl) return { kind: 'checkout', url: payment.checkoutUrl, payment };
  if (isOpen && opened.clientSecret) return { kind: 'embedded', clientSecret: opened.clientSecret, payment };
  const hasEnded = payment.status === 'expired' || payment.status === 'failed' || payment.status === 'created';
  return hasEnded ? { kind: 'spent' } : { kind: 'paid', payment };
}

type LinkSession = SessionToOpen & { readonly link: PaymentLink };

async function enter(context: Context, input: PayLink, operationId: string): Promise<TakePlaceResult> {
  const { link, visitor } = input;
  const entered = await enterLink(context, link, operationId, visitor);
  const mayProve = entered.kind === 'slow_down' && entered.crowded && visitor.proof === 'offered';
  if (!mayProve || !(await input.isHuman())) return entered;
  return await enterLink(context, link, operationId, { ...visitor, proof: 'given' });
}

/**
 * The operation of a form. It begins at the next full minute, so that the same form some seconds later makes the same Stripe
 * request. When the form was first sent is not stored: at most a session's lifetime ago, or its session has ended.
 */
function operationAt(id: string, now: number): Operation {
  const attemptStartedAt = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  return { id, attempt: 1, startedAt: now - SESSION_LIFETIME_MS, attemptStartedAt, resumed: false };
}

/**
 * The session of a form. Stripe's answer shows whether the form was sent before: then its session is in our row, or Stripe has
 * one whose row is missing. null: it has ended, and the form can make no other. Throws StripeFailure.
 */
async function openOnce(context: Context, wanted: LinkSession): Promise<FormSession | null> {
  for (let tries = 1; ; tries++) {
    const operation = { ...wanted.operation, resumed: tries > 1 };
    try {
      return await openSession(context, { ...wanted, operation });
    } catch (error) {
      if (!(error instanceof StripeFailure) || !wasSentBefore(error)) throw error;
      const written = await findWritten(context, operation.id, wanted.link);
      if (written) return await readAgain(context, written, wanted);
      if (operation.resumed && error.kind !== 'in_progress') return null;
      if (tries === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

function wasSentBefore(error: StripeFailure): boolean {
  // Stripe refuses this content every time, so no session was ever made of it.
  if (error.kind === 'invalid_amount' || error.kind === 'invalid_email') return false;
  return error.isStoredAnswer || error.kind === 'in_progress' || error.kind === 'idempotency_mismatch';
}

/** `isPaid`: paid at Stripe, although our row does not say so yet. Another form would pay a second time. */
type FormSession = OpenedSession & { readonly isPaid?: boolean };

/** The session of a row. An embedded one is read from Stripe, which has its secret and newest status. Throws StripeFailure. */
async function readAgain(context: Context, payment: PaymentView, { ui }: SessionToOpen): Promise<FormSession> {
  if (ui.kind === 'hosted' || payment.status !== 'created') return { payment, clientSecret: null };
  const session = await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
  const clientSecret = session.status === 'open' ? session.clientSecret : null;
  return { payment, clientSecret, isPaid: session.status === 'complete' };
}

/** The form's payment, or null. Updates its place: this request may have taken one for a session that has ended. */
async function findWritten(context: Context, operationId: string, link: PaymentLink): Promise<PaymentView | null> {
  const payment = await findPaymentByOperation(context.database, context.workspace.id, operationId);
  if (payment) await updatePlace(context, { ...link, operationId }, payment.status);
  return payment;
}
