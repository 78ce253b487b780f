import type { Operation } from '../objects/idempotency-store.ts';
import { StripeFailure } from '../stripe/gateway.ts';

/**
 * An operation, and `scope`, the idempotency key of its request, under which attempts are counted. `scope` null: the operation
 * has one attempt only.
 */
export interface RunningOperation {
  readonly operation: Operation;
  readonly scope: string | null;
}

/**
 * True where the Stripe idempotency key of an attempt is spent: Stripe has stored a failure under it, or another request, so
 * that the attempt can never succeed.
 */
export function isSpent(error: unknown): boolean {
  return error instanceof StripeFailure && (error.replayed || error.kind === 'idempotency_mismatch');
}
