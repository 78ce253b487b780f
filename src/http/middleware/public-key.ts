import { createMiddleware } from 'hono/factory';
import { hashApiKey, type ParsedApiKey } from '../../core/api-keys.ts';
import { ApiError } from '../../core/errors.ts';
import { visitorOf } from '../../core/visitor.ts';
import { type EmbedAuthority, findEmbedByKey } from '../../db/api-keys.ts';
import { databaseOf } from '../../db/client.ts';
import { linkRefusalError } from '../../domain/links/readiness.ts';
import type { AppContext, EmbedEnv } from '../app-env.ts';

/** The period of the rate limit `EMBED_RATE` in wrangler.toml. */
const WINDOW_SECONDS = 60;

/** The 401 for a public key that is not valid. */
export function invalidKey(): ApiError {
  return new ApiError('invalid_api_key', 'This public key is not valid: it is unknown, revoked or mistyped.');
}

/** The members of a validated query that `publicKey()` uses. */
interface PublicKeyQuery {
  readonly key: ParsedApiKey & { readonly text: string };
  /** The token of a payment link, or '' if none was sent. */
  readonly token: string;
}

/**
 * Finds the public key of a validated query, its workspace and the payment link that the query names, and sets
 * `c.var.embed`. Costs one database read. Throws `invalid_api_key` for an unknown or revoked key, `service_inactive`
 * for a suspended workspace and `rate_limit_exceeded` for a visitor who sends too many requests.
 *
 * @example api.get('/bootstrap', pageOrigin(), pageInput('query', schema, respond), publicKey(), allowedOrigin(), handler)
 */
export const publicKey = () =>
  createMiddleware<EmbedEnv, string, { out: { query: PublicKeyQuery } }>(async function publicKey(c, next) {
    const { key, token } = c.req.valid('query');
    const database = databaseOf(c.env, key.shard);
    if (!database) throw invalidKey();
    const hash = await hashApiKey(key.text);
    await countVisitor(c, hash);
    const found = await findEmbedByKey(database, hash, token);
    if (found?.workspace.mode !== key.mode) throw invalidKey();
    c.var.notes.workspace = found.workspace.id;
    c.var.notes.key = found.key.id;
    c.set('embed', inForce(found));
    await next();
  });

/**
 * Returns `embed` if its public key may be used now. Throws `invalid_api_key` if there is none or it is revoked, and
 * `service_inactive` if its workspace is suspended.
 */
export function inForce(embed: EmbedAuthority | null): EmbedAuthority {
  if (!embed || embed.key.revokedAt !== null) throw invalidKey();
  if (embed.workspace.status === 'active') return embed;
  throw linkRefusalError('suspended');
}

/**
 * Counts a request of a visitor for one thing, for example a public key, with Cloudflare's rate limiter. Throws
 * `rate_limit_exceeded` if the visitor has sent too many.
 */
export async function countVisitor(c: AppContext, thing: string): Promise<void> {
  const visitor = visitorOf(c.req.header('CF-Connecting-IP') ?? null);
  const { success } = await c.env.EMBED_RATE.limit({ key: `${visitor} ${thing}` });
  if (success) return;
  throw new ApiError('rate_limit_exceeded', `There were too many requests. Wait ${WINDOW_SECONDS} seconds.`, {
    headers: { 'Retry-After': String(WINDOW_SECONDS) },
  });
}
