import type { Operation } from '../../objects/idempotency-store.ts';
import { type CreateCheckoutSession, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import type { Context } from '../context.ts';
import { isSpent, type RunningOperation, renew, stripeIdempotencyKey } from '../operations.ts';
import { readClaim } from '../payments/metadata.ts';

/** Sessions live 30 minutes; one more, because Stripe refuses less than 30 by its own clock. */
export const SESSION_LIFETIME_MS = 31 * 60_000;
const STRIPE_MINIMUM_MS = 30 * 60_000;
/** Between our clock and Stripe's, when looking for what an operation has already made. */
const CLOCK_SKEW_MS = 5 * 60_000;

export type SessionRequest = Omit<CreateCheckoutSession, 'idempotencyKey' | 'operationId' | 'expiresAt'>;

/**
 * The one Stripe session of an operation, however often the operation is resumed. A resumed operation repeats the same
 * request under the same Stripe idempotency key while Stripe can still take it. After that it looks for the session it
 * may have made, and only if there is none, or it has expired unpaid, asks again under a new key. Throws StripeFailure:
 * `idempotency_mismatch` where there is none and the operation has no further attempt.
 */
export async function openStripeSession(
  context: Context,
  running: RunningOperation,
  request: SessionRequest,
): Promise<StripeCheckoutSession> {
  const { operation } = running;
  if (!operation.resumed) return await create(context, operation, request);
  const stillTakes = operation.attemptStartedAt + SESSION_LIFETIME_MS - context.now() >= STRIPE_MINIMUM_MS;
  if (stillTakes) {
    try {
      return await create(context, operation, request);
    } catch (error) {
      if (!isSpent(error)) throw error;
    }
  }
  return await adoptOrRenew(context, running, request);
}

async function adoptOrRenew(
  context: Context,
  { operation, scope }: RunningOperation,
  request: SessionRequest,
): Promise<StripeCheckoutSession> {
  const made = await context.stripe.findCheckoutSession(
    request.account,
    {
      from: operation.startedAt - CLOCK_SKEW_MS,
      // After this no attempt was sent any more: however busy the account is since, the list stays short.
      to: operation.attemptStartedAt + SESSION_LIFETIME_MS - STRIPE_MINIMUM_MS + CLOCK_SKEW_MS,
    },
    (session) => readClaim(session.metadata).operationId === operation.id && session.status !== 'expired',
  );
  if (made) return made;
  if (scope === null) throw new StripeFailure('idempotency_mismatch', 'No open session of this operation is left.');
  return await create(context, await renew(context, scope, operation), request);
}

function create(context: Context, operation: Operation, request: SessionRequest): Promise<StripeCheckoutSession> {
  return context.stripe.createCheckoutSession({
    ...request,
    operationId: operation.id,
    idempotencyKey: stripeIdempotencyKey(operation),
    expiresAt: operation.attemptStartedAt + SESSION_LIFETIME_MS,
  });
}
