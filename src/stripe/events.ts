import Stripe from 'stripe';
import { toAccount, toCharge, toCheckoutSession, toDispute, toRefund } from './convert.ts';
import type { StripeAccount, StripeCharge, StripeCheckoutSession, StripeDispute, StripeRefund } from './gateway.ts';

const TOLERANCE_SECONDS = 300;
/** Stripe sends two signatures at most while a secret rolls; a header of thousands is not Stripe's. */
const MAX_HEADER_LENGTH = 2_048;

/** What a verified Stripe event tells us about. `other`: a type that we do not act on. */
export type StripeFact =
  | { readonly kind: 'session'; readonly session: StripeCheckoutSession; readonly asyncPaymentFailed: boolean }
  | { readonly kind: 'charge_refunded'; readonly charge: StripeCharge }
  | { readonly kind: 'refund'; readonly refund: StripeRefund }
  | { readonly kind: 'dispute'; readonly dispute: StripeDispute }
  | { readonly kind: 'account_updated'; readonly account: StripeAccount }
  | { readonly kind: 'account_deauthorized' }
  | { readonly kind: 'other' };

export interface StripeEvent {
  readonly id: string;
  readonly type: string;
  /** null: an event of the platform's own account. */
  readonly account: string | null;
  readonly livemode: boolean;
  /** Unix ms, by Stripe's clock. */
  readonly createdAt: number;
  readonly fact: StripeFact;
}

const cryptoProvider = Stripe.createSubtleCryptoProvider();

/**
 * Verifies an incoming Stripe event over its raw bytes (docs.stripe.com/webhooks#verify-manually); null where the signature
 * is wrong or its time is more than 300 s off, in either direction. Stripe's SDK alone checks only the past.
 */
export async function verifyStripeEvent(input: {
  readonly rawBody: string;
  readonly signature: string;
  readonly secret: string;
  readonly now: number;
}): Promise<StripeEvent | null> {
  if (input.signature.length > MAX_HEADER_LENGTH) return null;
  const stamp = stampOf(input.signature);
  const nowSeconds = Math.floor(input.now / 1000);
  if (!(Math.abs(nowSeconds - stamp) <= TOLERANCE_SECONDS)) return null;
  try {
    const event = await Stripe.webhooks.constructEventAsync(
      input.rawBody,
      input.signature,
      input.secret,
      TOLERANCE_SECONDS,
      cryptoProvider,
      input.now,
    );
    if (event.object !== 'event') return null;
    return {
      id: event.id,
      type: event.type,
      account: event.account ?? null,
      livemode: event.livemode,
      createdAt: event.created * 1000,
      fact: factOf(event),
    };
  } catch {
    return null;
  }
}

/** The one time of a signature header, in unix seconds; NaN where it has none, or several to choose from. */
function stampOf(signature: string): number {
  const [stamp, ...more] = signature.split(',').filter((part) => part.startsWith('t='));
  return more.length === 0 && stamp !== undefined && /^t=\d+$/.test(stamp) ? Number(stamp.slice(2)) : Number.NaN;
}

function factOf(event: Stripe.Event): StripeFact {
  switch (event.type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return { kind: 'session', session: toCheckoutSession(event.data.object), asyncPaymentFailed: false };
    case 'checkout.session.async_payment_failed':
      return { kind: 'session', session: toCheckoutSession(event.data.object), asyncPaymentFailed: true };
    case 'charge.refunded':
      return { kind: 'charge_refunded', charge: toCharge(event.data.object) };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return { kind: 'refund', refund: toRefund(event.data.object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
      return { kind: 'dispute', dispute: toDispute(event.data.object) };
    case 'account.updated':
      return { kind: 'account_updated', account: toAccount(event.data.object) };
    case 'account.application.deauthorized':
      return { kind: 'account_deauthorized' };
    default:
      return { kind: 'other' };
  }
}
