import { ApiError } from '../../core/errors.ts';
import { type ApiKey, findPublicKey, updatePublicKey } from '../../db/api-keys.ts';
import { definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';
import type { NewPublicKey } from './create-public-key.ts';
import { registerWalletDomains } from './register-wallet-domains.ts';

/**
 * Changes a public key in force, from the next request of its pages on. Without changes nothing is written. Origins that are sent
 * are registered for wallets again, also unchanged ones, so that one that failed is tried again. Throws `not_found`.
 */
export async function changePublicKey(
  context: Context,
  input: Partial<NewPublicKey> & { readonly id: string },
): Promise<ApiKey> {
  const { id, name, allowedOrigins } = input;
  const changes = definedOf({ name, allowedOrigins: allowedOrigins && [...allowedOrigins] });
  const { database, workspace } = context;
  const key =
    Object.keys(changes).length === 0
      ? await findPublicKey(database, workspace.id, id)
      : await updatePublicKey(database, workspace.id, id, changes, auditOf(context, 'api_key.update', id));
  if (!key || key.revokedAt !== null) throw noSuchKey();
  if (allowedOrigins !== undefined) await registerWalletDomains(context, allowedOrigins);
  return key;
}

/** The error for an id that is no public key in force: unknown, revoked, a secret key, or another workspace's. */
export function noSuchKey(): ApiError {
  return new ApiError('not_found', 'No public key with this id is in force in your workspace.');
}
