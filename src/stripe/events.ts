import Stripe from 'stripe';
import * as z from 'zod/mini';
import {
  MisshapenObject,
  stripeId,
  stripeSeconds,
  toCharge,
  toCheckoutSession,
  toDispute,
  toRefund,
  tracesOf,
} from './convert.ts';
import type { StripeEvent, StripeFact } from './gateway.ts';
import { capabilityFact, outdatedFact } from './outdated-events.ts';

const TOLERANCE_SECONDS = 300;
/** Longer than any header of Stripe's: it has at most two signatures, while a secret is being changed. */
const MAX_HEADER_LENGTH = 2_048;
const V2_EVENT = /"object"\s*:\s*"v2\.core\.event"/;

/** The types of Stripe events that we act on; Stripe's list of events takes at most 20. */
export const STRIPE_EVENT_TYPES = [
  'checkout.session.completed',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'checkout.session.expired',
  'charge.refunded',
  // Accounts of versions before 2024-10-28 have no `refund.…` events about refunds of a charge.
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'account.updated',
  'capability.updated',
  'account.application.deauthorized',
] as const;

/** `refused`: the signature is wrong or too old. `foreign`: Stripe signed it, but we do not read it, for example a v2 event. */
type VerifiedStripeEvent =
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
 * Verifies the signature of an incoming Stripe event over its raw bytes (docs.stripe.com/webhooks#verify-manually) and
 * reads the event. `refused`: the signature is wrong, or its time differs from `now` by more than 300 s in either
 * direction (Stripe's SDK accepts any future time). An event that Stripe signed is never `refused` because of its
 * content.
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
 * Reads a Stripe event from parsed JSON that was verified or came from Stripe. `account`: the account that the event
 * belongs to, because an event from Stripe's list does not always name it. null: the JSON lacks a member that every v1
 * event has, such as `id` or `type`. An event about an object of unexpected shape is read with the fact `misshapen`, and
 * an event of another API version than ours with `outdated`: Stripe writes an account's list of events in the version of
 * that account, and webhooks in the version of their endpoint (docs.stripe.com/webhooks/versioning).
 */
export function readStripeEvent(payload: unknown, account?: string): StripeEvent | null {
  const read = envelope.safeParse(payload);
  if (!read.success) return null;
  const { id, type, livemode, created, data, api_version } = read.data;
  const fact = api_version === Stripe.API_VERSION ? factOf(type, data.object) : outdatedFact(type, data.object);
  return { id, type, account: account ?? read.data.account ?? null, livemode, createdAt: created * 1000, fact };
}

/** Like `readStripeEvent`, but from the JSON text of an event. null also where the text is not JSON. */
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
  api_version: z.nullish(z.string()),
  data: z.object({ object: z.unknown() }),
});

/** The JSON object that Stripe signed. null: the signature is wrong, or the body is not a JSON object. */
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

/** The time in a signature header, in unix seconds. NaN: the header has no time, or more than one. */
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

/** What an event of this type says about its object. Throws MisshapenObject where the object has not the shape of its type. */
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
    case 'charge.refund.updated':
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
      return { kind: 'refund', refund: toRefund(object) };
    case 'charge.dispute.created':
    case 'charge.dispute.updated':
    case 'charge.dispute.closed':
      return { kind: 'dispute', dispute: toDispute(object) };
    case 'account.updated':
      return { kind: 'account_updated' };
    case 'capability.updated':
      return capabilityFact(object);
    case 'account.application.deauthorized':
      return { kind: 'account_deauthorized' };
    default:
      return { kind: 'other' };
  }
}
