import * as z from 'zod/mini';
import { documented } from '../documented.ts';

const members = {
  id: documented(z.string(), { description: 'key_…: names the key, and is not the key.' }),
  prefix: documented(z.string(), { description: 'pk_live_ or pk_test_.' }),
  last4: z.string(),
  name: z.string(),
  allowed_origins: z.array(z.string()),
  created_at: z.iso.datetime(),
  revoked_at: z.nullable(z.iso.datetime()),
};

/** A public key in answers. */
export const publicKeySchema = documented(z.object(members), { title: 'PublicKey' });

/** A public key in the answer that makes it. */
export const createdPublicKeySchema = documented(
  z.object({ ...members, key: documented(z.string(), { description: 'The whole key, shown this once.' }) }),
  { title: 'CreatedPublicKey' },
);

export type PublicKeyAnswer = z.output<typeof publicKeySchema>;
