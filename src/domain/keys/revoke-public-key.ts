import { revokeApiKey } from '../../db/api-keys.ts';
import { findPublicKey } from '../../db/public-keys.ts';
import { auditOf, type Context } from '../context.ts';
import { noSuchKey } from './change-public-key.ts';

/** Ends a public key: the very next request with it is refused. Revoked before: nothing happens. Throws `not_found`. */
export async function revokePublicKey(context: Context, id: string): Promise<void> {
  const { database, workspace } = context;
  const key = await findPublicKey(database, workspace.id, id);
  if (!key) throw noSuchKey();
  if (key.revokedAt === null) await revokeApiKey(database, workspace.id, id, auditOf(context, 'api_key.revoke', id));
}
