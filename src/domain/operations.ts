import { unavailable } from '../core/errors.ts';
import type { Operation } from '../objects/idempotency-store.ts';
import { StripeFailure } from '../stripe/gateway.ts';
import type { Context } from './context.ts';

/** `scope`: the request's idempotency key, under which attempts are counted; null: the operation has one attempt only. */
export interface RunningOperation {
  readonly operation: Operation;
  readonly scope: string | null;
}

/** Stripe's idempotency key of an operation's attempt: the operation's id, from the second attempt on with its number. */
export function stripeIdempotencyKey({ id, attempt }: Operation): string {
  return attempt === 1 ? id : `${id}:${attempt}`;
}

/**
 * True where a Stripe idempotency key can make nothing any more: Stripe repeats a stored failure, or has the key from another
 * request.
 */
export function isSpent(error: unknown): boolean {
  return error instanceof StripeFailure && (error.replayed || error.kind === 'idempotency_mismatch');
}

/** The operation's next attempt, with a new Stripe idempotency key. Throws `service_unavailable` where another request has taken it. */
export async function renew(context: Context, scope: string, { id, attempt }: Operation): Promise<Operation> {
  const renewed = await context.gate.nextAttempt(scope, id, attempt);
  if (!renewed) throw unavailable('This request is being handled elsewhere. Send it again in a few seconds.');
  return renewed;
}
