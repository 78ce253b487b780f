import { ApiError } from '../../core/errors.ts';
import { findKeyWorkspace, revokeApiKey } from '../../db/api-keys.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

/** Ends a key: the very next request with it is refused. False where it was revoked before. Throws `not_found`. */
export async function revokeKey(context: AdminContext, keyId: string): Promise<boolean> {
  const workspaceId = await findKeyWorkspace(context.database, keyId);
  if (!workspaceId)
    throw new ApiError('not_found', `No key has the id ${keyId}. List a workspace's keys to see theirs.`);
  return await revokeApiKey(
    context.database,
    workspaceId,
    keyId,
    adminAudit(context, workspaceId, 'api_key.revoke', keyId),
  );
}
