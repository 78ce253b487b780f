import { operationIdOfForm } from '../core/derive.ts';
import { unavailable } from '../core/errors.ts';
import { type HeldKey, newOperation, type Operation } from '../objects/idempotency-store.ts';
import { StripeFailure } from '../stripe/gateway.ts';
import type { Context } from './context.ts';

/**
 * An operation that runs for a request. `heldKey`: the request's idempotency key; the gate counts the operation's
 * attempts under it. If it is null, the operation may use only one Stripe idempotency key. `isOfForm`: the operation has
 * no idempotency key, but whoever sends the same form again runs it again.
 */
export interface RunningOperation {
  readonly operation: Operation;
  readonly heldKey: HeldKey | null;
  readonly isOfForm?: boolean;
}

/**
 * The operation of a form that a person sent in the merchant app. The same form for the same action and content in the same
 * workspace is the same operation, however often it is sent. `form`: the random id that the page gave the form.
 */
export async function operationOfForm(
  context: Context,
  {
    action,
    form,
    content = [],
  }: { readonly action: string; readonly form: string; readonly content?: readonly string[] },
): Promise<RunningOperation> {
  const id = await operationIdOfForm(context.shard, form, [context.workspace.id, action, ...content]);
  return { operation: newOperation(id, context.now()), heldKey: null, isOfForm: true };
}

/** The Stripe idempotency key of an operation's attempt: the operation's id for attempt 1, later `<id>:<attempt>`. */
export function stripeIdempotencyKey({ id, attempt }: Operation): string {
  return attempt === 1 ? id : `${id}:${attempt}`;
}

/** True if a Stripe idempotency key is used up: Stripe repeats an old failure, or saw the key in another request. */
export function isSpent(error: unknown): boolean {
  return error instanceof StripeFailure && (error.isStoredAnswer || error.kind === 'idempotency_mismatch');
}

/** How long (ms) a list of Stripe may lack a new object. Stripe names no time: this is a few seconds, with room. */
export const LIST_LAG_MS = 6_000;

/**
 * Looks in Stripe's lists for what an operation has made, before the operation makes it with a new key. If it is not
 * found, looks once more after `LIST_LAG_MS`, because a list can lack what was made a moment ago.
 */
export async function findDespiteLag<T>(find: () => Promise<T | null>): Promise<T | null> {
  const found = await find();
  if (found !== null) return found;
  await new Promise((resolve) => setTimeout(resolve, LIST_LAG_MS));
  return await find();
}

/** Begins an operation's next attempt, with a new Stripe key. Throws `service_unavailable` if another request did. */
export async function renew(context: Context, key: HeldKey, { id, attempt }: Operation): Promise<Operation> {
  const renewed = await context.gate.nextAttempt(key, id, attempt);
  if (!renewed) throw unavailable('This request is being handled elsewhere. Send it again in a few seconds.');
  return renewed;
}
