import { type ConnectedAccount, findAccount, updateAccountState } from '../../db/workspaces.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { registerWalletsOfKeys } from '../keys/register-wallet-domains.ts';
import { accountData, composeEvent } from '../webhooks/event-data.ts';

type AccountState = Pick<ConnectedAccount, 'chargesEnabled' | 'detailsSubmitted' | 'disconnectedAt' | 'stateAsOf'>;

/**
 * Stores what Stripe says of the connected account now, with an event where that is a change. Read again rather
 * than taken from the event: two events of one second carry no order. Throws StripeFailure.
 */
export async function syncAccount(context: Context, stripeAccountId: string): Promise<void> {
  const asOf = context.now();
  const account = await context.stripe.retrieveAccount(stripeAccountId).catch((error) => {
    // Our access is gone already: the event that says so has come, or will.
    if (error instanceof StripeFailure && error.kind === 'account_lost') return null;
    throw error;
  });
  if (!account) return;
  const state = {
    chargesEnabled: account.chargesEnabled,
    detailsSubmitted: account.detailsSubmitted,
    disconnectedAt: null,
    // Whole seconds, as Stripe's own events have, so that the two compare.
    stateAsOf: asOf - (asOf % 1000),
  };
  const isReady = await changeState(context, stripeAccountId, state, 'account.updated');
  if (isReady) await registerWalletsOfKeys(context);
}

/** The merchant took away our access at Stripe: no further charge until an account is attached again. */
export async function disconnectAccount(context: Context, stripeAccountId: string, asOf: number): Promise<void> {
  const state = { chargesEnabled: false, detailsSubmitted: false, disconnectedAt: context.now(), stateAsOf: asOf };
  await changeState(context, stripeAccountId, state, 'account.disconnected');
}

/**
 * Writes the state and `payments.account.updated` in one batch: both, or neither where nothing changes. True where the account
 * can take charges now and could not before.
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
    // The step from one stored state to the next: an account that goes back and forth takes another step each time.
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
