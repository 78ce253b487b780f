import { ApiError } from '../../core/errors.ts';
import { findKeyWorkspace, revokeApiKey } from '../../db/api-keys.ts';
import { auditOf, type PlatformContext } from '../context.ts';

/** Ends a key: the very next request with it is refused. False where it was revoked before. Throws `not_found`. */
export async function revokeKey(context: PlatformContext, keyId: string): Promise<boolean> {
  const workspaceId = await findKeyWorkspace(context.database, keyId);
  if (!workspaceId)
    throw new ApiError('not_found', `No key has the id ${keyId}. List a workspace's keys to see theirs.`);
  const audit = auditOf({ ...context, workspace: { id: workspaceId } }, 'api_key.revoke', keyId);
  return await revokeApiKey(context.database, workspaceId, keyId, audit);
}
