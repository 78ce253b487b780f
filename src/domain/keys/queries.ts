import { ApiError } from '../../core/errors.ts';
import { describeError, logLine } from '../../core/log.ts';
import { type ApiKey, findPublicKey, findSecretKey, listApiKeys } from '../../db/api-keys.ts';
import type { RecentRequest } from '../../objects/recent-requests.ts';
import type { Context } from '../context.ts';
import { noSuchKey } from './change-public-key.ts';

/** A key without its hash. */
export type ListedKey = Omit<ApiKey, 'keyHash'>;

/** When a secret key was last used, unix ms. null: never. 'unknown': the workspace's gate does not answer. */
export type LastUse = number | null | 'unknown';

/** A secret key, and when it was last used. */
export interface SecretKeyView {
  readonly key: ListedKey;
  readonly lastUse: LastUse;
}

/** All keys of the workspace, newest first, with the last use of each secret key. */
export async function readKeys(
  context: Context,
): Promise<{ readonly secretKeys: readonly SecretKeyView[]; readonly publicKeys: readonly ListedKey[] }> {
  const [keys, uses] = await Promise.all([listApiKeys(context.database, context.workspace.id), lastUses(context)]);
  return {
    secretKeys: keys
      .filter(({ kind }) => kind === 'secret')
      .map((key) => ({ key, lastUse: uses ? (uses[key.id] ?? null) : 'unknown' })),
    publicKeys: keys.filter(({ kind }) => kind === 'public'),
  };
}

/** A secret key of this workspace that is not revoked, and its last use. Throws `not_found`. */
export async function readSecretKey(context: Context, id: string): Promise<SecretKeyView> {
  const [key, uses] = await Promise.all([findSecretKey(context.database, context.workspace.id, id), lastUses(context)]);
  if (!key || key.revokedAt !== null) throw noSuchSecretKey();
  return { key, lastUse: uses ? (uses[id] ?? null) : 'unknown' };
}

/** A public key of this workspace that is not revoked. Throws `not_found`. */
export async function readPublicKey(context: Context, id: string): Promise<ApiKey> {
  const key = await findPublicKey(context.database, context.workspace.id, id);
  if (!key || key.revokedAt !== null) throw noSuchKey();
  return key;
}

/** One of the last requests with a secret key. `keyName` null: the key is not in the workspace's list any more. */
export interface NamedRequest extends RecentRequest {
  readonly keyName: string | null;
}

/** The last hundred requests with secret keys of this workspace, the newest first. */
export async function readNamedRequests(context: Context): Promise<NamedRequest[]> {
  const [requests, keys] = await Promise.all([
    context.gate.recentRequests(),
    listApiKeys(context.database, context.workspace.id),
  ]);
  const names = new Map(keys.map(({ id, name }) => [id, name]));
  return requests.map((request) => ({ ...request, keyName: names.get(request.keyId) ?? null }));
}

/** The error for an id of no valid secret key of the workspace. */
export function noSuchSecretKey(): ApiError {
  return new ApiError('not_found', 'No secret key with this id is in force in your workspace.');
}

/** A key must be found and revoked also while the gate does not answer. */
async function lastUses({ gate, workspace }: Context): Promise<Record<string, number> | null> {
  try {
    return await gate.lastUses();
  } catch (error) {
    logLine('warn', 'last uses not read', { workspace: workspace.id, error: describeError(error) });
    return null;
  }
}
