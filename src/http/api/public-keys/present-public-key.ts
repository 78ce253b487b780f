import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { ApiKey } from '../../../db/api-keys.ts';
import type { PublicKeyAnswer } from './answer.ts';

/** A public key as every answer shows it: never the key itself. */
export function presentPublicKey(key: ApiKey): PublicKeyAnswer {
  return {
    id: key.id,
    prefix: key.prefix,
    last4: key.last4,
    name: key.name,
    allowed_origins: key.allowedOrigins,
    created_at: toRfc3339(key.createdAt),
    revoked_at: key.revokedAt === null ? null : toRfc3339(key.revokedAt),
  };
}
