import { updateAccountState } from '../../db/workspaces.ts';
import type { StripeAccount } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';

/** Takes over what Stripe says of the connected account at `asOf` (unix ms); an older word never beats a newer one. */
export async function syncAccount(context: Context, account: StripeAccount, asOf: number): Promise<void> {
  await updateAccountState(
    context.database,
    context.workspace.id,
    {
      chargesEnabled: account.chargesEnabled,
      detailsSubmitted: account.detailsSubmitted,
      disconnectedAt: null,
      stateAsOf: asOf,
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
