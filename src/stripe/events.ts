import Stripe from 'stripe';
import * as z from 'zod/mini';
import {
  MisshapenObject,
  stripeId,
  stripeSeconds,
  toAccount,
  toCharge,
  toCheckoutSession,
  toDispute,
  toRefund,
  tracesOf,
} from './convert.ts';
import type { StripeEvent, StripeFact } from './gateway.ts';

const TOLERANCE_SECONDS = 300;
/** Stripe sends at most two signatures, while a secret is changed; a header with thousands is not Stripe's. */
const MAX_HEADER_LENGTH = 2_048;
const V2_EVENT = /"object"\s*:\s*"v2\.core\.event"/;

/** The types of Stripe events that we act on; Stripe's list of events takes at most 20. */
export const STRIPE_EVENT_TYPES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'account.updated',
  'account.application.deauthorized',
] as const;

/** `refused`: not signed by Stripe. `foreign`: signed by Stripe, but not an event that we read, for example a v2 event. */
export type VerifiedStripeEvent =
  | { readonly kind: 'event'; readonly event: StripeEvent }
  | { readonly kind: 'refused' }
  | { readonly kind: 'foreign' };

/** A body that claims to come from Stripe. */
interface SignedBody {
  readonly rawBody: string;
  readonly signature: string;
  readonly secret: string;
  /** Unix ms. */
  readonly now: number;
}

/**
 * Verifies an incoming Stripe event by its raw bytes (docs.stripe.com/webhooks#verify-manually) and reads it. `refused`: the
 * signature is wrong, or its time differs by more than 300 s in either direction (Stripe's SDK itself accepts any future time).
 * Never refuses an event that is signed correctly because of its content.
 */
export async function verifyStripeEvent(input: SignedBody): Promise<VerifiedStripeEvent> {
  if (input.signature.length > MAX_HEADER_LENGTH) return { kind: 'refused' };
  const stamp = stampOf(input.signature);
  const nowSeconds = Math.floor(input.now / 1000);
  if (!(Math.abs(nowSeconds - stamp) <= TOLERANCE_SECONDS)) return { kind: 'refused' };
  const payload = await signedPayload(input);
  if (!payload) return { kind: 'refused' };
  const event = readStripeEvent(payload);
  return event ? { kind: 'event', event } : { kind: 'foreign' };
}

/**
 * Reads a Stripe event that was verified, listed by Stripe, or taken from the quarantine. `account`: the account that it belongs
 * to, since a listed event does not always name it. null: it is not an event that we can read.
 */
export function readStripeEvent(payload: unknown, account?: string): StripeEvent | null {
  const read = envelope.safeParse(payload);
  if (!read.success) return null;
  const { id, type, livemode, created, data } = read.data;
  const fact = factOf(type, data.object);
  return { id, type, account: account ?? read.data.account ?? null, livemode, createdAt: created * 1000, fact };
}

/** Like `readStripeEvent`, from the stored JSON of an event. */
export function parseStripeEvent(body: string, account: string): StripeEvent | null {
  try {
    return readStripeEvent(JSON.parse(body), account);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const cryptoProvider = Stripe.createSubtleCryptoProvider();

const jsonObject = z.record(z.string(), z.unknown());

/** The members of an event that decide where it goes (docs.stripe.com/api/events/object). */
const envelope = z.object({
  object: z.literal('event'),
  id: stripeId,
  type: z.string(),
  account: z.nullish(z.string()),
  livemode: z.boolean(),
  created: stripeSeconds,
  data: z.object({ object: z.unknown() }),
});

/** The JSON object that Stripe signed. null: the signature is wrong, or the body is no JSON object. */
async function signedPayload({ rawBody, signature, secret, now }: SignedBody): Promise<Record<string, unknown> | null> {
  try {
    const event: unknown = await Stripe.webhooks.constructEventAsync(
      rawBody,
      signature,
      secret,
      TOLERANCE_SECONDS,
      cryptoProvider,
      now,
    );
    const read = jsonObject.safeParse(event);
    return read.success ? read.data : null;
  } catch (error) {
    // For a v2 event the SDK verifies the signature first and then throws, because it cannot construct the event.
    const signed = !(error instanceof Stripe.errors.StripeSignatureVerificationError);
    return signed && V2_EVENT.test(rawBody) ? { object: 'v2.core.event' } : null;
  }
}

/** The one time of a signature header, in unix seconds; NaN where it has none, or several to choose from. */
function stampOf(signature: string): number {
  const [stamp, ...more] = signature.split(',').filter((part) => part.startsWith('t='));
  return more.length === 0 && stamp !== undefined && /^t=\d+$/.test(stamp) ? Number(stamp.slice(2)) : Number.NaN;
}

function factOf(type: string, object: unknown): StripeFact {
  try {
    return readFact(type, object);
  } catch (error) {
    if (!(error instanceof MisshapenObject)) throw error;
    const faults = error.faults.map((fault) => `data.${fault}`);
    return { kind: 'misshapen', faults, traces: tracesOf(object) };
  }
}

/** Throws MisshapenObject where the object is not of its type's shape. */
function readFact(type: string, object: unknown): StripeFact {
  switch (type) {
    case 'checkout.session.completed':
    case 'checkout.session.async_payment_succeeded':
    case 'checkout.session.expired':
      return { kind: 'session', session: toCheckoutSession(object), asyncPaymentFailed: false };
    case 'checkout.session.async_payment_failed':
      return { kind: 'session', session: toCheckoutSession(object), asyncPaymentFailed: true };
    case 'charge.refunded':
      return { kind: 'charge_refunded', charge: toCharge(object) };
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return { kind: 'refund', refund: toRefund(object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
      return { kind: 'dispute', dispute: toDispute(object) };
    case 'account.updated':
      return { kind: 'account_updated', account: toAccount(object) };
    case 'account.application.deauthorized':
      return { kind: 'account_deauthorized' };
    default:
      return { kind: 'other' };
  }
}
