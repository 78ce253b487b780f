import { ApiError } from '../../core/errors.ts';
import { type ApiKey, findPublicKey, updatePublicKey } from '../../db/api-keys.ts';
import { definedOf } from '../changes.ts';
import { auditOf, type Context } from '../context.ts';
import type { NewPublicKey } from './create-public-key.ts';
import { registerWalletDomains } from './register-wallet-domains.ts';

/**
 * Changes a public key that is not revoked. Writes nothing without `name` and `allowedOrigins`. Registers all of
 * `allowedOrigins` for wallets, also unchanged ones, because an earlier try may have failed. Throws `not_found`.
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

/** The error for an id of no valid public key: it is unknown, revoked, of a secret key, or of another workspace. */
export function noSuchKey(): ApiError {
  return new ApiError('not_found', 'No public key with this id is in force in your workspace.');
}
