import { ApiError } from '../../core/errors.ts';
import { findKeyWorkspace, findPublicKey, findSecretKey, revokeApiKey } from '../../db/api-keys.ts';
import { auditOf, type Context, type PlatformContext, withWorkspace } from '../context.ts';
import { noSuchKey } from './change-public-key.ts';

/** Revokes an API key of any workspace: its next request is refused. False if revoked before. Throws `not_found`. */
export async function revokeKey(context: PlatformContext, keyId: string): Promise<boolean> {
  const workspaceId = await findKeyWorkspace(context.database, keyId);
  if (!workspaceId)
    throw new ApiError('not_found', `No key has the id ${keyId}. List the keys of a workspace to see their ids.`);
  const audit = auditOf(withWorkspace(context, workspaceId), 'api_key.revoke', keyId);
  return await revokeApiKey(context.database, workspaceId, keyId, audit);
}

/** Revokes a secret key of this workspace: its next request is refused. Does nothing if it is revoked. Throws `not_found`. */
export async function revokeSecretKey(context: Context, id: string): Promise<void> {
  const { database, workspace } = context;
  const key = await findSecretKey(database, workspace.id, id);
  if (!key) throw new ApiError('not_found', 'No secret key with this id in your workspace.');
  if (key.revokedAt === null) await revokeApiKey(database, workspace.id, id, auditOf(context, 'api_key.revoke', id));
}

/** Revokes a public key: its next request is refused. Does nothing if it is revoked. Throws `not_found`. */
export async function revokePublicKey(context: Context, id: string): Promise<void> {
  const { database, workspace } = context;
  const key = await findPublicKey(database, workspace.id, id);
  if (!key) throw noSuchKey();
  if (key.revokedAt === null) await revokeApiKey(database, workspace.id, id, auditOf(context, 'api_key.revoke', id));
}
