import { ApiError } from '../../core/errors.ts';
import { type ApiKey, findPublicKey, updatePublicKey } from '../../db/api-keys.ts';
import { auditOf, type Context } from '../context.ts';
import type { NewPublicKey } from './create-public-key.ts';
import { registerWalletDomains } from './register-wallet-domains.ts';

/**
 * Changes a public key in force; its pages feel it at their next request. Nothing sent: nothing is written. Origins that are
 * sent are registered for wallets again, so that one which failed has another try. Throws `not_found`.
 */
export async function changePublicKey(context: Context, id: string, change: Partial<NewPublicKey>): Promise<ApiKey> {
  const { name, allowedOrigins } = change;
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(allowedOrigins === undefined ? {} : { allowedOrigins: [...allowedOrigins] }),
  };
  const { database, workspace } = context;
  const key =
    Object.keys(changes).length === 0
      ? await findPublicKey(database, workspace.id, id)
      : await updatePublicKey(database, workspace.id, id, changes, auditOf(context, 'api_key.update', id));
  if (!key || key.revokedAt !== null) throw noSuchKey();
  if (allowedOrigins !== undefined) await registerWalletDomains(context, allowedOrigins);
  return key;
}

/** The same for an unknown key, a revoked or secret one, and another workspace's. */
export function noSuchKey(): ApiError {
  return new ApiError('not_found', 'No public key with this id is in force in your workspace.');
}
