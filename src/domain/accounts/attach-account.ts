import { ApiError } from '../../core/errors.ts';
import { findWorkspaceByAccount, upsertAccount } from '../../db/workspaces.ts';
import type { StripeAccount } from '../../stripe/gateway.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Connects a Stripe account to the workspace, in place of the account that was connected before. Throws
 * `validation_failed` if another workspace of the same mode has the account.
 */
export async function attachAccount(context: Context, account: StripeAccount): Promise<void> {
  const { database, workspace } = context;
  const livemode = workspace.mode === 'live';
  const holder = await findWorkspaceByAccount(database, account.id, livemode);
  if (holder && holder.workspace.id !== workspace.id) {
    const message = `${account.id} is already connected to the workspace ${holder.workspace.id}.`;
    throw new ApiError('validation_failed', message);
  }
  const now = context.now();
  await upsertAccount(
    database,
    {
      workspaceId: workspace.id,
      stripeAccountId: account.id,
      livemode,
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
