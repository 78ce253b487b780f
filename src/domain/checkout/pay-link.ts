import { operationIdOfForm } from '../../core/derive.ts';
import type { Money } from '../../core/money/money.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { findPaymentByOperation, type PaymentView } from '../../db/payments.ts';
import type { Operation } from '../../objects/idempotency-store.ts';
import type { TakePlaceInput, TakePlaceResult } from '../../objects/link-gate.ts';
import { type CheckoutUi, StripeFailure } from '../../stripe/gateway.ts';
import { accountError, chargeableAccount } from '../accounts/chargeable-account.ts';
import type { Context } from '../context.ts';
import { enterLink, markPlacePaid, updatePlace } from '../links/places.ts';
import { type OpenedSession, openSession, type SessionToOpen } from './open-session.ts';
import { SESSION_LIFETIME_MS } from './open-stripe-session.ts';
import { isOpen } from './read-url.ts';

const MINUTE_MS = 60_000;
/** How often to try, and how long (ms) to wait in between, while another request is sending the same form to Stripe. */
const TRIES = 6;
const WAIT_MS = 500;

/** The form with which a buyer pays a payment link, checked by the route. */
interface PayLink {
  readonly link: PaymentLink;
  /** The form's random id. The same form with the same content makes the same session. */
  readonly form: string;
  readonly price: Money;
  readonly customerEmail: string | null;
  readonly reference: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly ui: CheckoutUi;
  readonly visitor: NonNullable<TakePlaceInput['visitor']>;
  /** Verifies the form's proof that the sender is human. Costs a request: only called if the link has many visitors. */
  readonly isHuman: () => Promise<boolean>;
}

/**
 * The result of a buyer's form. `checkout`: the buyer pays at `url`. `embedded`: the buyer pays in Stripe's form on our
 * page. `spent`: the session has ended unpaid; a new form is needed. `paid`: the session is paid or processing; the
 * buyer must not pay again. `amount_refused`: the amount is outside Stripe's limits in the account's currency.
 */
export type PayLinkResult =
  | { readonly kind: 'checkout'; readonly url: string; readonly payment: PaymentView }
  | { readonly kind: 'embedded'; readonly clientSecret: string; readonly payment: PaymentView }
  | { readonly kind: 'spent' }
  | { readonly kind: 'paid'; readonly payment: PaymentView }
  | { readonly kind: 'amount_refused' }
  | Exclude<TakePlaceResult, { kind: 'taken' }>;

/**
 * Makes the Stripe session in which a buyer pays a link, hosted by Stripe or embedded in our page. The same form with
 * the same content makes one session, however often it is sent. If Stripe refuses the e-mail address, the session is
 * made without it. Costs one Stripe call, one database round trip, and one call to the link's gate, or two for a
 * limited link. A form that is sent again after a minute costs one more Stripe call. Throws `CONNECT_ACCOUNT_MISSING`,
 * `CONNECT_ACCOUNT_NOT_READY` and StripeFailure.
 */
export async function payLink(context: Context, input: PayLink): Promise<PayLinkResult> {
  try {
    return await payWith(context, input);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    if (error.kind === 'invalid_amount') return { kind: 'amount_refused' };
    // Stripe's sentence about the account is for the merchant, not for the buyer.
    if (isAboutAccount(error)) throw accountError('account_not_ready');
    if (error.kind !== 'invalid_email' || input.customerEmail === null) throw error;
    // The buyer did not type this address and can enter another one at Stripe.
    return await payLink(context, { ...input, customerEmail: null });
  }
}

async function payWith(context: Context, input: PayLink): Promise<PayLinkResult> {
  const account = chargeableAccount(context, 'buyer').stripeAccountId;
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
  const fixed = { account, operation, heldKey: null, description: null, placeIsNew: entered.isNew };
  const opened = await openOnce(context, { ...input, ...fixed });
  if (!opened) return { kind: 'spent' };
  const { payment } = opened;
  if (opened.isPaid) return { kind: 'paid', payment };
  const mayPay = isOpen(payment, context.now());
  if (mayPay && opened.url) return { kind: 'checkout', url: opened.url, payment };
  if (mayPay && opened.clientSecret) return { kind: 'embedded', clientSecret: opened.clientSecret, payment };
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
 * The operation of a form. Its attempt starts at the next full minute, so the same form sent some seconds later makes
 * the same Stripe request. `startedAt` is one session lifetime ago: a session made before that has ended.
 */
function operationAt(id: string, now: number): Operation {
  const attemptStartedAt = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  return { id, attempt: 1, startedAt: now - SESSION_LIFETIME_MS, attemptStartedAt, resumed: false };
}

/**
 * Opens the session of a form, or finds the session that the form has made before, in the database or at Stripe. null:
 * the form's session has ended, and the form cannot make another. Throws StripeFailure.
 */
async function openOnce(context: Context, wanted: LinkSession): Promise<FormSession | null> {
  for (let tries = 1; ; tries++) {
    const operation = { ...wanted.operation, resumed: tries > 1 };
    try {
      return await openSession(context, { ...wanted, operation });
    } catch (error) {
      if (!(error instanceof StripeFailure) || !wasSentBefore(error)) throw error;
      const written = await findWritten(context, operation.id, wanted.link);
      if (written) return await readAgain(context, written);
      if (operation.resumed && error.kind !== 'in_progress') return null;
      if (tries === TRIES) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

function isAboutAccount({ kind }: StripeFailure): boolean {
  return kind === 'charges_lost' || kind === 'account_settings';
}

function wasSentBefore(error: StripeFailure): boolean {
  // Stripe refuses this content every time, so it never made a session.
  if (error.kind === 'invalid_amount' || error.kind === 'invalid_email' || isAboutAccount(error)) return false;
  return error.isStoredAnswer || error.kind === 'in_progress' || error.kind === 'idempotency_mismatch';
}

/** `isPaid`: the session is complete at Stripe, but its stored payment is still open. The buyer must not pay again. */
type FormSession = OpenedSession & { readonly isPaid?: boolean };

/** The session of a stored payment. A session that is not known to have ended is read from Stripe. Throws StripeFailure. */
async function readAgain(context: Context, payment: PaymentView): Promise<FormSession> {
  const ended = { payment, url: null, clientSecret: null };
  if (payment.status !== 'created') return ended;
  const session = await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId);
  if (session.status !== 'open') return { ...ended, isPaid: session.status === 'complete' };
  return { payment, url: session.url, clientSecret: session.clientSecret };
}

/** The form's stored payment, or null. Also updates the payment's place: an ended session must not hold one. */
async function findWritten(context: Context, operationId: string, link: PaymentLink): Promise<PaymentView | null> {
  const payment = await findPaymentByOperation(context.database, context.workspace.id, operationId);
  const place = { ...link, operationId };
  if (payment?.status === 'succeeded') await markPlacePaid(context, place, payment.paidCount ?? 0);
  else if (payment) await updatePlace(context, place, payment.status);
  return payment;
}
