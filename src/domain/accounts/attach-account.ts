import { ApiError } from '../../core/errors.ts';
import { findWorkspace, findWorkspaceByAccount, isLivemode, upsertAccount } from '../../db/workspaces.ts';
import type { StripeAccount } from '../../stripe/gateway.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

/**
 * Connects a Stripe account to a workspace, in place of the one it had. Throws `not_found` for the workspace and
 * `validation_failed` where the account already belongs to another workspace of the same mode.
 */
export async function attachAccount(context: AdminContext, workspaceId: string, account: StripeAccount): Promise<void> {
  const found = await findWorkspace(context.database, workspaceId);
  if (!found) throw new ApiError('not_found', `No workspace has the id ${workspaceId}.`);
  const livemode = isLivemode(found.workspace.mode);
  const holder = await findWorkspaceByAccount(context.database, account.id, livemode);
  if (holder && holder.workspace.id !== workspaceId) {
    throw new ApiError(
      'validation_failed',
      `${account.id} is already connected to the workspace ${holder.workspace.id}.`,
    );
  }
  const now = context.now();
  await upsertAccount(
    context.database,
    {
      workspaceId,
      stripeAccountId: account.id,
      livemode,
      chargesEnabled: account.chargesEnabled,
      detailsSubmitted: account.detailsSubmitted,
      disconnectedAt: null,
      stripeEventsReadTo: null,
      nextStripeEventsReadAt: 0,
      stateAsOf: now - (now % 1000),
      createdAt: now,
      updatedAt: now,
    },
    adminAudit(context, workspaceId, 'account.attach', account.id),
  );
}
