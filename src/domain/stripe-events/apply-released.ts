import { lookAgainStatement, paymentBySessionStatement } from '../../db/payments.ts';
import { deleteReleasedStatement, returnReleased } from '../../db/quarantine.ts';
import type { QuarantinedStripeEvent } from '../../db/stripe-events.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { SESSION_SET_ASIDE } from '../checkout/reconcile-sessions.ts';
import type { PlatformContext } from '../context.ts';
import { takeStripeEvent } from './take-event.ts';

/**
 * Applies what an operator has released, by the same rules as before: where it fits now it is taken away, else it is set
 * aside again with the reason of now. `event`: read from its body, null where that is no event that we can read. Repeatable.
 * Throws StripeFailure or the database's error where it has to be tried again.
 */
export async function applyReleased(
  context: PlatformContext,
  released: QuarantinedStripeEvent,
  event: StripeEvent | null,
): Promise<void> {
  const { database } = context;
  if (released.type === SESSION_SET_ASIDE) return await lookAgain(context, released);
  if (!event) return await returnReleased(database, released.id, 'unreadable');
  const taken = await takeStripeEvent(context, event, released.body);
  if (taken.kind === 'applied' || taken.kind === 'unchanged') await deleteReleasedStatement(database, released.id);
  if (taken.kind === 'ignored') await returnReleased(database, released.id, 'not_ours');
}

/** A session that reconciliation set aside is read from Stripe again, and set aside anew where it still does not fit. */
async function lookAgain(context: PlatformContext, released: QuarantinedStripeEvent): Promise<void> {
  const { database } = context;
  const [row] = await paymentBySessionStatement(database, released.id);
  if (row?.payment.stripeAccountId !== released.stripeAccountId) {
    return await returnReleased(database, released.id, 'unknown_session');
  }
  await database.batch([
    lookAgainStatement(database, row.payment, context.now()),
    deleteReleasedStatement(database, released.id),
  ]);
}
