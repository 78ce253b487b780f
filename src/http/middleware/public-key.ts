import { createMiddleware } from 'hono/factory';
import { hashApiKey, parseApiKey } from '../../core/api-keys.ts';
import { ApiError } from '../../core/errors.ts';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { visitorOf } from '../../core/visitor.ts';
import { databaseOf } from '../../db/client.ts';
import { type EmbedAuthority, findEmbedByKey } from '../../db/public-keys.ts';
import type { AppContext, EmbedEnv } from '../app-env.ts';

/** The window of the limit in wrangler.toml. */
const WINDOW_SECONDS = 60;

function invalidKey(): ApiError {
  return new ApiError('invalid_api_key', 'This public key is not valid: it is unknown, revoked or mistyped.');
}

/**
 * Finds what the public key of the query opens, with the link that its `token` names: one joined read, and none for a key
 * whose checksum is wrong. 401 for an unknown, revoked or secret key, 402 for a suspended workspace, 429 for a visitor
 * who asks too often.
 */
export const publicKey = () =>
  createMiddleware<EmbedEnv>(async function publicKey(c, next) {
    const { key: text = '', token = '' } = c.req.query();
    const parsed = parseApiKey(text);
    const database = parsed?.kind === 'public' ? databaseOf(c.env, parsed.shard) : null;
    if (!parsed || !database) throw invalidKey();
    const hash = await hashApiKey(text);
    await countVisitor(c, hash);
    const found = await findEmbedByKey(database, hash, parsePaymentLinkToken(token) ? token : '');
    if (found?.workspace.mode !== parsed.mode) throw invalidKey();
    c.set('embed', inForce(found));
    await next();
  });

/** Throws where the key is unknown or revoked, and where its workspace is suspended. */
export function inForce(embed: EmbedAuthority | null): EmbedAuthority {
  if (!embed || embed.key.revokedAt !== null) throw invalidKey();
  if (embed.workspace.status === 'active') return embed;
  throw new ApiError('service_inactive', 'This workspace is suspended. Ask the operators of this service.');
}

/** Counts a visitor's request for one thing; Cloudflare keeps the count. Throws `rate_limit_exceeded`. */
export async function countVisitor(c: AppContext, thing: string): Promise<void> {
  const visitor = visitorOf(c.req.header('CF-Connecting-IP') ?? null);
  const { success } = await c.env.EMBED_RATE.limit({ key: `${visitor} ${thing}` });
  if (success) return;
  throw new ApiError('rate_limit_exceeded', `There were too many requests. Wait ${WINDOW_SECONDS} seconds.`, {
    headers: { 'Retry-After': String(WINDOW_SECONDS) },
  });
}
