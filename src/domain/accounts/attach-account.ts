import { upsertAccount } from '../../db/workspaces.ts';
import type { StripeAccount } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';
import { claimForWorkspace } from './claim-account.ts';

/**
 * Connects a Stripe account to the workspace, in place of the account that was connected before. Repeatable: a call
 * that ended between the directory and the workspace's shard is finished by the next one. Throws `validation_failed` if
 * the account is another workspace's, and `service_unavailable` if that is not certain yet.
 */
export async function attachAccount(context: Context, account: StripeAccount): Promise<void> {
  const { database, workspace } = context;
  await claimForWorkspace(context, account.id);
  const now = context.now();
  await upsertAccount(
    database,
    {
      workspaceId: workspace.id,
      stripeAccountId: account.id,
      livemode: workspace.mode === 'live',
      chargesEnabled: account.chargesEnabled,
      detailsSubmitted: account.detailsSubmitted,
      disconnectedAt: null,
      accessRefusedAt: null,
      stripeEventsReadTo: null,
      stripeEventsReadId: null,
      nextStripeEventsReadAt: 0,
      stateAsOf: now - (now % 1000),
      createdAt: now,
      updatedAt: now,
    },
    auditOf(context, 'account.attach', account.id),
  );
}
