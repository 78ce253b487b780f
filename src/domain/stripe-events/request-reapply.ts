import { ApiError } from '../../core/errors.ts';
import { findQuarantined, markToReapply } from '../../db/quarantine.ts';
import type { QuarantinedStripeEvent } from '../../db/stripe-events.ts';
import { findWorkspaceByAccount } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext } from '../context.ts';

/** Whose audit log the request is in where the account belongs to no workspace. */
const NO_WORKSPACE = { id: '' };

/**
 * Has the cron apply again, by the same rules, what was set aside: it leaves the quarantine then, or is set aside again. Throws
 * `not_found`.
 */
export async function requestReapply(context: PlatformContext, id: string): Promise<QuarantinedStripeEvent> {
  const found = await findQuarantined(context.database, id);
  if (!found) throw new ApiError('not_found', `Nothing that was set aside has the id ${id}.`);
  const owner = await findWorkspaceByAccount(context.database, found.stripeAccountId, found.livemode);
  const workspace = owner?.workspace ?? NO_WORKSPACE;
  await markToReapply(context.database, id, auditOf({ ...context, workspace }, 'quarantine.release', id));
  return found;
}
