import { type ConnectedAccount, findAccount, updateAccountState } from '../../db/workspaces.ts';
import { StripeFailure } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { registerWalletsOfKeys } from '../keys/register-wallet-domains.ts';
import { accountData, composeEvent } from '../webhooks/event-data.ts';

type AccountState = Pick<ConnectedAccount, 'chargesEnabled' | 'detailsSubmitted' | 'disconnectedAt' | 'stateAsOf'>;

/**
 * Reads the connected account from Stripe and stores its state, with an event if the state changes. The state in a
 * Stripe event is not used, because two Stripe events of the same second have no order. Throws StripeFailure.
 */
export async function syncAccount(context: Context, stripeAccountId: string): Promise<void> {
  const asOf = context.now();
  const account = await context.stripe.retrieveAccount(stripeAccountId).catch((error) => {
    // We have lost access to the account. Another Stripe event reports that.
    if (error instanceof StripeFailure && error.kind === 'account_lost') return null;
    throw error;
  });
  if (!account) return;
  const state = {
    chargesEnabled: account.chargesEnabled,
    detailsSubmitted: account.detailsSubmitted,
    disconnectedAt: null,
    // In whole seconds, because this time is compared with the times of Stripe events.
    stateAsOf: asOf - (asOf % 1000),
  };
  const isReady = await changeState(context, stripeAccountId, state, 'account.updated');
  if (isReady) await registerWalletsOfKeys(context);
}

/**
 * Stores that the account may not charge, because Stripe has just refused a session for that reason. So the next
 * session is refused before any call to Stripe. The next Stripe event about the account reads its state again, as does
 * the cron, which handles the events of the last minutes once more.
 */
export async function recordLostCharges(context: Context, stripeAccountId: string): Promise<void> {
  const asOf = context.now();
  const state = {
    chargesEnabled: false,
    detailsSubmitted: context.account?.detailsSubmitted ?? false,
    disconnectedAt: null,
    stateAsOf: asOf - (asOf % 1000),
  };
  await changeState(context, stripeAccountId, state, 'account.charges_lost');
}

/** Marks an account as disconnected: our access was revoked by `asOf` (unix ms). The account takes no more payments. */
export async function disconnectAccount(
  context: Context,
  { id, asOf }: { readonly id: string; readonly asOf: number },
): Promise<void> {
  const state = { chargesEnabled: false, detailsSubmitted: false, disconnectedAt: context.now(), stateAsOf: asOf };
  await changeState(context, id, state, 'account.disconnected');
}

/**
 * Writes the account's state and the event `payments.account.updated` in one batch. Writes nothing if the state is the
 * same or a newer one is stored. True if the account can take payments now and could not before.
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
  const event = await composeEvent(context, {
    type: 'payments.account.updated',
    subject: null,
    paymentId: null,
    data: accountData({ stripeAccountId, ...state }),
  });
  const audit = auditOf(context, action, stripeAccountId);
  const account = { workspaceId: workspace.id, stripeAccountId };
  const { isChange, queued } = await updateAccountState(database, account, state, audit, event);
  if (isChange) await context.wake(queued);
  return isChange && state.chargesEnabled && !(stored.chargesEnabled && stored.disconnectedAt === null);
}
