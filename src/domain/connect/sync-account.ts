import { updateAccountState } from '../../db/workspaces.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Takes over what Stripe says of the connected account now. Read again rather than taken from the event: two events of one
 * second carry no order. Throws StripeFailure.
 */
export async function syncAccount(context: Context, stripeAccountId: string): Promise<void> {
  const asOf = context.now();
  const account = await context.stripe.retrieveAccount(stripeAccountId).catch((error) => {
    // Our access is gone already: the event that says so has come, or will.
    if (error instanceof StripeFailure && error.kind === 'account_lost') return null;
    throw error;
  });
  if (!account) return;
  await updateAccountState(
    context.database,
    context.workspace.id,
    {
      chargesEnabled: account.chargesEnabled,
      detailsSubmitted: account.detailsSubmitted,
      disconnectedAt: null,
      // Whole seconds, as Stripe's own events have, so that the two compare.
      stateAsOf: asOf - (asOf % 1000),
    },
    auditOf(context, 'account.updated', account.id),
  );
}

/** The merchant took away our access at Stripe: no further charge until an account is attached again. */
export async function disconnectAccount(context: Context, stripeAccountId: string, asOf: number): Promise<void> {
  await updateAccountState(
    context.database,
    context.workspace.id,
    { chargesEnabled: false, detailsSubmitted: false, disconnectedAt: context.now(), stateAsOf: asOf },
    auditOf(context, 'account.disconnected', stripeAccountId),
  );
}
