import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { ApiKey } from '../../../db/api-keys.ts';
import { documented } from '../fields.ts';

const members = () => ({
  id: documented(z.string(), 'key_…: the name of the key, not the key itself.'),
  prefix: documented(z.string(), 'pk_live_ or pk_test_.'),
  last4: documented(z.string(), 'The last four characters of the key.'),
  name: documented(z.string(), 'A name for your own lists.'),
  allowed_origins: documented(z.array(z.string()), 'The origins of the pages that may use the key.'),
  created_at: z.iso.datetime(),
  revoked_at: documented(z.nullable(z.iso.datetime()), 'null while the key works.'),
});

/** The schema of a public key in answers. */
export const publicKeySchema = () => documented(z.object(members()), { title: 'PublicKey' });

/** The schema of a public key in the answer to its creation. */
export const createdPublicKeySchema = () =>
  documented(z.object({ ...members(), key: documented(z.string(), 'The whole key, shown this once.') }), {
    title: 'CreatedPublicKey',
  });

type PublicKeyAnswer = z.output<ReturnType<typeof publicKeySchema>>;
type CreatedPublicKeyAnswer = z.output<ReturnType<typeof createdPublicKeySchema>>;

/** A public key as answers show it, without the text of the key. */
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

/** A public key in the answer to its creation. `text`: the whole key. */
export function presentCreatedPublicKey({ key, text }: { key: ApiKey; text: string }): CreatedPublicKeyAnswer {
  return { ...presentPublicKey(key), key: text };
}
