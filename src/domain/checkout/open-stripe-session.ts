import type { Payment } from '../../db/payments.ts';
import type { Operation } from '../../objects/idempotency-store.ts';
import {
  type CreateCheckoutSession,
  STRIPE_TIMEOUT_MS,
  type StripeCheckoutSession,
  StripeFailure,
} from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import {
  findDespiteLag,
  isSpent,
  LIST_LAG_MS,
  type RunningOperation,
  renew,
  stripeIdempotencyKey,
} from '../operations.ts';
import { readClaim } from '../payments/metadata.ts';

/** How long a session can be paid. Stripe refuses less than 30 minutes by its own clock, so one minute is added. */
export const SESSION_LIFETIME_MS = 31 * 60_000;
const STRIPE_MINIMUM_MS = 30 * 60_000;
/** How far our clock and Stripe's clock may differ, in the search for a session of an earlier attempt. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** The request for an operation's session, without what the operation decides. */
export type SessionRequest = Omit<CreateCheckoutSession, 'idempotencyKey' | 'operationId' | 'expiresAt'>;

/**
 * Makes the one Stripe session of an operation. A resumed operation repeats its request with the same Stripe
 * idempotency key. If Stripe does not accept that request any more, the operation's session is searched for at Stripe.
 * If there is none, or it has expired, a session is made with a new key. Throws StripeFailure: `idempotency_mismatch`
 * if no session is found and `heldKey` is null, which forbids a new key.
 */
export async function openStripeSession(
  context: Context,
  { operation, heldKey, ...request }: SessionRequest & RunningOperation,
): Promise<StripeCheckoutSession> {
  if (!operation.resumed) return await create(context, operation, request);
  const isAccepted = operation.attemptStartedAt + SESSION_LIFETIME_MS - context.now() >= STRIPE_MINIMUM_MS;
  if (isAccepted) {
    try {
      return await create(context, operation, request);
    } catch (error) {
      if (!isSpent(error)) throw error;
    }
  }
  return await findOrRenew(context, { operation, heldKey }, request);
}

/**
 * The session that an operation has made and stored as `made`, in the form in which Stripe first answered it: open and
 * with its URL, although it may be paid by now. For that the request is sent again with the same Stripe idempotency key.
 * If the session was not made with this key, or if Stripe does not repeat its answer, returns the session as it is now.
 * Never makes a session. Throws StripeFailure.
 */
export async function repeatStripeSession(
  context: Context,
  { operation, made, ...request }: SessionRequest & { readonly operation: Operation; readonly made: Payment },
): Promise<StripeCheckoutSession> {
  // Every attempt sends another time. Another attempt's key may be unused: with it Stripe would make a second session.
  if (made.expiresAt === inStripeSeconds(expiresAtOf(operation))) {
    try {
      return await create(context, operation, request);
    } catch (error) {
      if (!isSpent(error) && !isRefusedAsOld(error)) throw error;
    }
  }
  return await context.stripe.retrieveCheckoutSession(made.stripeAccountId, made.stripeSessionId);
}

/** True if Stripe refuses an old request for its expiry time. If it knows the key, it should repeat its answer instead. */
function isRefusedAsOld(error: unknown): boolean {
  return error instanceof StripeFailure && error.kind === 'misconfigured';
}

async function findOrRenew(
  context: Context,
  { operation, heldKey }: RunningOperation,
  request: SessionRequest,
): Promise<StripeCheckoutSession> {
  // This attempt sent no request after this time, so its session cannot be newer.
  const lastSentAt = operation.attemptStartedAt + SESSION_LIFETIME_MS - STRIPE_MINIMUM_MS;
  const find = () =>
    context.stripe.findCheckoutSession(
      request.account,
      { from: operation.startedAt - CLOCK_SKEW_MS, to: lastSentAt + CLOCK_SKEW_MS },
      (session) => readClaim(session.metadata).operationId === operation.id && session.status !== 'expired',
    );
  const isListed = context.now() > lastSentAt + STRIPE_TIMEOUT_MS + LIST_LAG_MS;
  const made = isListed ? await find() : await findDespiteLag(find);
  if (made) return made;
  if (heldKey === null) throw new StripeFailure('idempotency_mismatch', 'No open session of this operation is left.');
  return await create(context, await renew(context, heldKey, operation), request);
}

function create(context: Context, operation: Operation, request: SessionRequest): Promise<StripeCheckoutSession> {
  return context.stripe.createCheckoutSession({
    ...request,
    operationId: operation.id,
    idempotencyKey: stripeIdempotencyKey(operation),
    expiresAt: expiresAtOf(operation),
  });
}

function expiresAtOf({ attemptStartedAt }: Operation): number {
  return attemptStartedAt + SESSION_LIFETIME_MS;
}

/** A time (unix ms) without its part of a second, as Stripe keeps it. */
function inStripeSeconds(at: number): number {
  return Math.floor(at / 1000) * 1000;
}
