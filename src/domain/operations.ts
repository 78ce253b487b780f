import { unavailable } from '../core/errors.ts';
import type { Operation } from '../objects/idempotency-store.ts';
import { StripeFailure } from '../stripe/gateway.ts';
import type { Context } from './context.ts';

/**
 * An operation that runs for a request. `idempotencyName`: the request's method, path and idempotency key, under which the gate
 * counts attempts. null: the operation may use only one Stripe idempotency key.
 */
export interface RunningOperation {
  readonly operation: Operation;
  readonly idempotencyName: string | null;
}

/** The Stripe idempotency key of an operation's attempt: the operation's id, with the attempt's number from the second on. */
export function stripeIdempotencyKey({ id, attempt }: Operation): string {
  return attempt === 1 ? id : `${id}:${attempt}`;
}

/** True where a Stripe idempotency key is of no more use: Stripe repeats a stored failure, or knows it from another request. */
export function isSpent(error: unknown): boolean {
  return error instanceof StripeFailure && (error.isStoredAnswer || error.kind === 'idempotency_mismatch');
}

/** The operation's next attempt, with a new Stripe idempotency key. Throws `service_unavailable` if another request has it. */
export async function renew(context: Context, name: string, { id, attempt }: Operation): Promise<Operation> {
  const renewed = await context.gate.nextAttempt(name, id, attempt);
  if (!renewed) throw unavailable('This request is being handled elsewhere. Send it again in a few seconds.');
  return renewed;
}
