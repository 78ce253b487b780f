import * as z from 'zod/mini';
import { canonicalOrigin, originFault } from '../../../core/origins.ts';
import { parseRowCursor } from '../../../core/paging.ts';
import type { NewPublicKey } from '../../../domain/keys/create-public-key.ts';
import { documented, list, messageAt, visibleText } from '../fields.ts';
import { listQuery } from '../paging.ts';

const DEFAULT_NAME = 'Public key';
const MAX_NAME = 100;
const MAX_ORIGINS = 50;

/** The query of `GET /public-keys`. */
export const listPublicKeysQuery = listQuery(parseRowCursor, {});

const name = visibleText('name', MAX_NAME, `name must be text of 1 to ${MAX_NAME} characters.`);
const nameDocumented = 'For your own lists.';

/** The bodies for keys of one mode. Only a sandbox key may be used on localhost. */
function bodiesFor(rules: { readonly sandbox: boolean }) {
  const faultOf = messageAt(({ input }) => originFault(input, rules) ?? '');
  const isFine = (text: string) => originFault(text, rules) === null;
  const origin = z.string({ error: faultOf }).check(z.refine(isFine, { error: faultOf }));
  const origins = documented(
    list(origin, MAX_ORIGINS, `allowed_origins must be a list of 1 to ${MAX_ORIGINS} origins.`),
    'Whose pages may use the key: `https://shop.example`, `https://*.shop.example` (every subdomain, not the host itself), each with or without a port. On pk_test_ keys also `http://localhost:3000` and `http://localhost:*`.',
  );
  const create = z.object({ name: documented(z.nullish(name), nameDocumented), allowed_origins: origins });
  const change = z.object({
    name: documented(z.optional(name), nameDocumented),
    allowed_origins: z.optional(origins),
  });
  return {
    /** Of `POST /public-keys`. */
    create: z.pipe(
      create,
      z.transform(
        (body: z.output<typeof create>): NewPublicKey => ({
          name: body.name?.trim() ?? DEFAULT_NAME,
          allowedOrigins: canonicalOrigins(body.allowed_origins),
        }),
      ),
    ),
    /** Of `PATCH /public-keys/:id`. */
    change: z.pipe(
      change,
      z.transform(
        ({ name, allowed_origins: origins }: z.output<typeof change>): Partial<NewPublicKey> => ({
          name: name?.trim(),
          allowedOrigins: origins && canonicalOrigins(origins),
        }),
      ),
    ),
  };
}

/** The bodies of `/public-keys`, by the mode of the secret key that sends them. */
export const PUBLIC_KEY_BODIES = { sandbox: bodiesFor({ sandbox: true }), live: bodiesFor({ sandbox: false }) };

/** Each origin once, as it is kept. */
function canonicalOrigins(origins: readonly string[]): string[] {
  return [...new Set(origins.map(canonicalOrigin))];
}
