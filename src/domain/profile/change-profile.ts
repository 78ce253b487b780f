import { ApiError } from '../../core/errors.ts';
import {
  type BusinessProfile,
  clearProfile as clearRow,
  EMPTY_PROFILE,
  findProfile,
  type ProfileContent,
  upsertProfile,
} from '../../db/business-profiles.ts';
import { changedOf, definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Changes the business profile of the workspace and returns it. An undefined member stays as it is, null clears it.
 * Returns null if nothing was ever set, and is not now.
 */
export async function updateProfile(
  context: Context,
  changes: { readonly [Name in keyof ProfileContent]?: ProfileContent[Name] | undefined },
): Promise<BusinessProfile | null> {
  const { database, workspace } = context;
  const profile = await findProfile(database, workspace.id);
  const changed = changedOf<ProfileContent>(profile ?? EMPTY_PROFILE, definedOf(changes));
  if (Object.keys(changed).length === 0) return profile;
  return await upsertProfile(database, workspace.id, changed, auditOf(context, 'profile.update', workspace.id));
}

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
