import { type ConnectedAccount, findAccount, updateAccountState } from '../../db/workspaces.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { registerWalletsOfKeys } from '../keys/register-wallet-domains.ts';
import { accountData, composeEvent } from '../webhooks/event-data.ts';

type AccountState = Pick<ConnectedAccount, 'chargesEnabled' | 'detailsSubmitted' | 'disconnectedAt' | 'stateAsOf'>;

/**
 * Reads the connected account from Stripe and stores its state, with an event where something changes. It is read because two
 * Stripe events of the same second have no order. Throws StripeFailure.
 */
export async function syncAccount(context: Context, stripeAccountId: string): Promise<void> {
  const asOf = context.now();
  const account = await context.stripe.retrieveAccount(stripeAccountId).catch((error) => {
    // We have no access any more: another Stripe event says so.
    if (error instanceof StripeFailure && error.kind === 'account_lost') return null;
    throw error;
  });
  if (!account) return;
  const state = {
    chargesEnabled: account.chargesEnabled,
    detailsSubmitted: account.detailsSubmitted,
    disconnectedAt: null,
    // In whole seconds, as the times of Stripe events, so that the two can be compared.
    stateAsOf: asOf - (asOf % 1000),
  };
  const isReady = await changeState(context, stripeAccountId, state, 'account.updated');
  if (isReady) await registerWalletsOfKeys(context);
}

/** Records that the merchant took away our access at Stripe, at `asOf` (unix ms): no payment is taken any more. */
export async function disconnectAccount(
  context: Context,
  { id, asOf }: { readonly id: string; readonly asOf: number },
): Promise<void> {
  const state = { chargesEnabled: false, detailsSubmitted: false, disconnectedAt: context.now(), stateAsOf: asOf };
  await changeState(context, id, state, 'account.disconnected');
}

/**
 * Writes the state and the event `payments.account.updated` in one batch, or neither where nothing changes. True where the
 * account can take payments now and could not before.
 */
async function changeState(
  context: Context,
  stripeAccountId: string,
  state: AccountState,
  action: string,
): Promise<boolean> {
  const { database, workspace } = context;
  const stored = await findAccount(database, workspace.id);
  if (!stored) return false;
  const data = accountData({ stripeAccountId, ...state });
  const event = await composeEvent(context, {
    type: 'payments.account.updated',
    // Names the stored state too: an account that changes back and forth has an event for each change.
    subject: JSON.stringify([data, stored.stateAsOf, stored.updatedAt]),
    paymentId: null,
    data,
  });
  const audit = auditOf(context, action, stripeAccountId);
  const account = { workspaceId: workspace.id, stripeAccountId };
  const { isChange, queued } = await updateAccountState(database, account, state, audit, event);
  if (isChange) await context.wake(queued);
  return isChange && state.chargesEnabled && !(stored.chargesEnabled && stored.disconnectedAt === null);
}
