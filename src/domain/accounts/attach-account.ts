import { factsOf } from '../../core/account-state.ts';
import { unavailable } from '../../core/errors.ts';
import { renewClaim } from '../../db/account-directory.ts';
import { type MadeAccount, removeAccount, upsertAccount } from '../../db/workspaces.ts';
import type { StripeAccount } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { claimForWorkspace } from './claim-account.ts';

/** An account of which Stripe has said no more than that it can do all (`ready`), or that it can do nothing yet. */
export function plainAccount(id: string, ready: boolean): StripeAccount {
  return {
    id,
    country: null,
    chargesEnabled: ready,
    payoutsEnabled: ready,
    detailsSubmitted: ready,
    cards: null,
    dashboard: null,
    requirements: [],
  };
}

/**
 * Connects a Stripe account to the workspace, in place of the account that was connected before. Repeatable: a call
 * that ended between the directory and the workspace's shard is finished by the next one. Throws `validation_failed` if
 * the account is another workspace's, and `service_unavailable` if that is not certain yet, or another workspace took the
 * account over before this call was done: then the workspace has no account. `made`: the account was just made, and takes
 * the place of that one only, and only while it cannot charge or is lost; else throws `service_unavailable`.
 */
export async function attachAccount(context: Context, account: StripeAccount, made?: MadeAccount): Promise<void> {
  const { database, workspace } = context;
  const claim = await claimForWorkspace(context, account.id);
  const now = context.now();
  const { shard: _, ...claimed } = claim;
  const isConnected = await upsertAccount(
    database,
    {
      ...claimed,
      ...factsOf(account),
      disconnectedAt: null,
      accessRefusedAt: null,
      stripeEventsReadTo: null,
      stripeEventsReadId: null,
      nextStripeEventsReadAt: 0,
      stateAsOf: now - (now % 1000),
      createdAt: now,
      updatedAt: now,
    },
    auditOf(context, made ? 'account.create' : 'account.attach', account.id),
    made,
  );
  if (!isConnected)
    throw unavailable('The account of this workspace has changed meanwhile. Read it with GET /account.');
  if (await renewClaim(context.directory, claim)) return;
  await removeAccount(database, claim, auditOf(context, 'account.attach_undone', account.id));
  throw unavailable(
    `${account.id} went to another workspace meanwhile. ${workspace.id} has no account now: connect one.`,
  );
}
