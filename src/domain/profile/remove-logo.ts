import { type BusinessProfile, deleteLogo, findProfile } from '../../db/business-profiles.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Removes the logo of the workspace, if it has one, and returns its profile. null: nothing was ever set in the profile.
 * Browsers that have loaded the logo may keep it.
 */
export async function removeLogo(context: Context): Promise<BusinessProfile | null> {
  const { database, workspace } = context;
  const profile = await findProfile(database, workspace.id);
  if (!profile?.logoHash) return profile;
  return await deleteLogo(database, workspace.id, auditOf(context, 'profile.remove_logo', workspace.id));
}
