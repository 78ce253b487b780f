import * as z from 'zod/mini';
import { canonicalOrigin, originFault } from '../../../core/origins.ts';
import { parseTimeCursor, type TimePlace } from '../../../core/paging.ts';
import type { NewPublicKey } from '../../../domain/keys/create-public-key.ts';
import { documented, list, messageAt, visibleText } from '../fields.ts';
import { listQuery, pageRequestOf } from '../paging.ts';

const DEFAULT_NAME = 'Public key';
const MAX_NAME = 100;
const MAX_ORIGINS = 50;

/** The query of `GET /public-keys`. */
export const listPublicKeysQuery = z.pipe(listQuery(parseTimeCursor, {}), z.transform(pageRequestOf<TimePlace>));

const name = visibleText('name', MAX_NAME, `name must be text of 1 to ${MAX_NAME} characters.`);
const NAME = 'A name for your own lists.';

/**
 * The schema for a list of origins. The result has each origin once, in its canonical form. Only with `sandbox` may an
 * origin be on localhost.
 */
function originsFor(rules: { readonly sandbox: boolean }) {
  const message = messageAt(({ input }) => originFault(input, rules) ?? '');
  const isFine = (text: string) => originFault(text, rules) === null;
  const judged = z.string({ error: message }).check(z.refine(isFine, { error: message }));
  const origin = documented(judged, { pattern: '^https?://' });
  return documented(
    z.pipe(
      list(origin, MAX_ORIGINS, `allowed_origins must be a list of 1 to ${MAX_ORIGINS} origins.`),
      z.transform((origins: string[]) => [...new Set(origins.map(canonicalOrigin))]),
    ),
    'The origins of the pages that may use the key: `https://shop.example`, or `https://*.shop.example` for every subdomain, but not the host itself. A port may follow. A pk_test_ key may also name `http://localhost:3000` and `http://localhost:*`.',
  );
}

function bodiesFor(rules: { readonly sandbox: boolean }) {
  const origins = originsFor(rules);
  const create = z.object({ name: documented(z.nullish(name), NAME), allowed_origins: origins });
  const change = z.object({ name: documented(z.optional(name), NAME), allowed_origins: z.optional(origins) });
  const toChange = ({ name, allowed_origins: allowedOrigins }: z.output<typeof change>): Partial<NewPublicKey> => {
    return { name: name?.trim(), allowedOrigins };
  };
  const toNew = ({ name, allowed_origins: allowedOrigins }: z.output<typeof create>): NewPublicKey => {
    return { name: name?.trim() ?? DEFAULT_NAME, allowedOrigins };
  };
  return {
    /** The body of `POST /public-keys`. */
    create: z.pipe(create, z.transform(toNew)),
    /** The body of `PATCH /public-keys/:id`. */
    change: z.pipe(change, z.transform(toChange)),
  };
}

/** The schemas for the bodies of `/public-keys`, by the mode of the secret key with which the request is sent. */
export const PUBLIC_KEY_BODIES = { sandbox: bodiesFor({ sandbox: true }), live: bodiesFor({ sandbox: false }) };
