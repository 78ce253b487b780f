import { ApiError } from '../../core/errors.ts';
import { clearProfile as clearRow, findProfile } from '../../db/business-profiles.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Clears every member of the business profile of the workspace, with its logo. Buyers see the name of the workspace
 * again. Throws `not_found` if nothing was ever set.
 */
export async function clearProfile(context: Context): Promise<void> {
  const { database, workspace } = context;
  const profile = await findProfile(database, workspace.id);
  if (!profile) throw new ApiError('not_found', 'Nothing was ever set in the profile of this workspace.');
  await clearRow(database, workspace.id, auditOf(context, 'profile.clear', workspace.id));
}
