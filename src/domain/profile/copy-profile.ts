import { ApiError } from '../../core/errors.ts';
import { findProfile, replaceProfile } from '../../db/business-profiles.ts';
import type { Workspace } from '../../db/workspaces.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';
import { readPair } from '../workspaces/queries.ts';

/**
 * Replaces the business profile of a live workspace by that of its sandbox workspace, with the logo, and returns the
 * live workspace. `id`: of the pair or of either workspace. Throws `not_found` if there is no such pair, or if nothing
 * was ever set in the sandbox profile.
 */
export async function copyProfile(context: PlatformContext, id: string): Promise<Workspace> {
  const pair = await readPair(context, id);
  const [live, sandbox] = [pair.find(({ mode }) => mode === 'live'), pair.find(({ mode }) => mode === 'sandbox')];
  const profile = sandbox && (await findProfile(context.database, sandbox.id));
  if (!live || !profile) throw new ApiError('not_found', 'The sandbox workspace has no profile to copy.');
  const audit = auditOf(withWorkspace(context, live.id), 'profile.copy', live.id);
  await replaceProfile(context.database, { from: profile.workspaceId, to: live.id }, audit);
  return live;
}
