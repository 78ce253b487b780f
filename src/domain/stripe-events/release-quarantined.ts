import { ApiError } from '../../core/errors.ts';
import { findQuarantined, markReleased } from '../../db/quarantine.ts';
import type { QuarantinedStripeEvent } from '../../db/stripe-events.ts';
import { findWorkspaceByAccount } from '../../db/workspaces.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

/** Whose audit log a release is in where the account belongs to no workspace. */
const NO_WORKSPACE = '';

/**
 * Releases what was set aside: the cron applies it again by the same rules, and takes it away or sets it aside again. Throws
 * `not_found`.
 */
export async function releaseQuarantined(context: AdminContext, id: string): Promise<QuarantinedStripeEvent> {
  const found = await findQuarantined(context.database, id);
  if (!found) throw new ApiError('not_found', `Nothing that was set aside has the id ${id}.`);
  const owner = await findWorkspaceByAccount(context.database, found.stripeAccountId, found.livemode);
  const workspaceId = owner?.workspace.id ?? NO_WORKSPACE;
  await markReleased(context.database, id, adminAudit(context, workspaceId, 'quarantine.release', id));
  return found;
}
