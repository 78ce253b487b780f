import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { hashApiKey, parseApiKey } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { logLine } from '../../core/log.ts';
import { grants, type Scope } from '../../core/scopes.ts';
import { type ApiKey, findAuthority } from '../../db/api-keys.ts';
import { databaseOf } from '../../db/client.ts';
import { inWorkspace } from '../../domain/context.ts';
import { linkRefusalError } from '../../domain/links/readiness.ts';
import { makeContext } from '../../make-context.ts';
import type { ApiEnv, AppEnv } from '../app-env.ts';
import { counted } from './rate-limit.ts';

const BEARER = /^Bearer +(\S.*)$/i;
const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

function invalidKey(): ApiError {
  const message = 'This API key is not valid. Send one secret key: Authorization: Bearer sk_...';
  return new ApiError('invalid_api_key', message, { headers: CHALLENGE });
}

/**
 * Refuses every request with an `Origin` header, because a page has sent it, and a secret key must never be in a page.
 * Throws `insufficient_scope`.
 *
 * @example new Hono<ApiEnv>().use(serverOnly())
 */
export const serverOnly = () =>
  createMiddleware<AppEnv>(async function serverOnly(c, next) {
    if (c.req.header('Origin') !== undefined) {
      throw new ApiError(
        'insufficient_scope',
        'Requests with an Origin header are refused: call this API from your server, never from a browser.',
      );
    }
    await next();
  });

/**
 * Lets in a request whose secret key has one of the scopes, and sets `c.var.key` and `c.var.context`. Costs one
 * database read, or none if the key's checksum is wrong. Throws 401 if the key is missing, unknown, revoked or public,
 * 402 if its workspace is suspended, and 503 if its mode is not configured. After these checks the request is counted:
 * a 429 comes before any later error, also before the 403 of a missing scope.
 *
 * @example routes.get('/', secretKey('service.payments.links.read'), validQuery(query), handler)
 */
export const secretKey = (...anyOf: readonly [Scope, ...Scope[]]) =>
  createMiddleware<ApiEnv>(async function secretKey(c, next) {
    await authenticate(c);
    await counted(c, async () => {
      requireScope(c.var.key, anyOf);
      await next();
    });
  });

async function authenticate(c: Context<ApiEnv>): Promise<void> {
  const text = BEARER.exec(c.req.header('Authorization') ?? '')?.[1];
  if (text === undefined) {
    const message = 'Send your secret key: Authorization: Bearer sk_...';
    throw new ApiError('missing_authorization', message, { headers: CHALLENGE });
  }
  const parsed = parseApiKey(text);
  if (parsed?.kind !== 'secret') throw invalidKey();
  const database = databaseOf(c.env, parsed.shard);
  if (!database) throw invalidKey();
  const authority = await findAuthority(database, await hashApiKey(text));
  if (!authority || authority.key.revokedAt !== null || authority.workspace.mode !== parsed.mode) throw invalidKey();
  c.var.notes.workspace = authority.workspace.id;
  c.var.notes.key = authority.key.id;
  if (authority.workspace.status !== 'active') throw linkRefusalError('suspended');
  const { config, requestId } = c.var;
  if (config.stripe[parsed.mode] === null) {
    const variable = parsed.mode === 'live' ? 'STRIPE_SECRET_KEY_LIVE' : 'STRIPE_SECRET_KEY_TEST';
    logLine('error', 'configuration', { request_id: requestId, faults: [`${variable} is missing`] });
    throw unavailable(`This service is not set up for ${parsed.mode} payments.`);
  }
  const actor = { kind: 'key', id: authority.key.id } as const;
  const platform = makeContext(c.env, config, { shard: parsed.shard, actor, requestId });
  c.set('key', authority.key);
  c.set('context', inWorkspace(platform, authority));
}

function requireScope(key: ApiKey, anyOf: readonly Scope[]): void {
  if (anyOf.some((scope) => grants(key.scopes, scope))) return;
  throw new ApiError('insufficient_scope', `This key lacks the scope ${anyOf.join(' or ')}.`);
}
