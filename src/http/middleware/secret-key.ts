import { createMiddleware } from 'hono/factory';
import { hashApiKey, parseApiKey } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { logLine } from '../../core/log.ts';
import { findAuthority } from '../../db/api-keys.ts';
import { databaseOf } from '../../db/client.ts';
import { inWorkspace } from '../../domain/context.ts';
import { makeContext } from '../../make-context.ts';
import type { ApiEnv } from '../app-env.ts';

const BEARER = /^Bearer +(\S.*)$/i;
const CHALLENGE = { 'WWW-Authenticate': 'Bearer' };

function invalidKey(): ApiError {
  return new ApiError(
    'invalid_api_key',
    'This API key is not valid. Send one secret key: Authorization: Bearer sk_...',
    {
      headers: CHALLENGE,
    },
  );
}

/**
 * Finds the workspace of a secret key: one joined read, and none at all for a key whose checksum is wrong. 401 for a missing,
 * unknown, revoked or public key, 402 for a suspended workspace, 503 for a mode that is not configured.
 */
export const secretKey = () =>
  createMiddleware<ApiEnv>(async function secretKey(c, next) {
    const text = BEARER.exec(c.req.header('Authorization') ?? '')?.[1];
    if (text === undefined) {
      throw new ApiError('missing_authorization', 'Send your secret key: Authorization: Bearer sk_...', {
        headers: CHALLENGE,
      });
    }
    const parsed = parseApiKey(text);
    if (parsed?.kind !== 'secret') throw invalidKey();
    const database = databaseOf(c.env, parsed.shard);
    if (!database) throw invalidKey();
    const authority = await findAuthority(database, await hashApiKey(text));
    if (!authority || authority.key.revokedAt !== null || authority.workspace.mode !== parsed.mode) throw invalidKey();
    if (authority.workspace.status !== 'active') {
      throw new ApiError('service_inactive', 'This workspace is suspended. Ask the operators of this service.');
    }
    if (c.var.config.stripe[parsed.mode] === null) {
      const variable = parsed.mode === 'live' ? 'STRIPE_SECRET_KEY_LIVE' : 'STRIPE_SECRET_KEY_TEST';
      logLine('error', 'configuration', { request_id: c.var.requestId, faults: [`${variable} is missing`] });
      throw unavailable(`This service is not set up for ${parsed.mode} payments.`);
    }
    const { config, requestId } = c.var;
    const actor = { kind: 'key', id: authority.key.id } as const;
    const platform = makeContext(c.env, config, { database, shard: parsed.shard, actor, requestId });
    c.set('shard', parsed.shard);
    c.set('authority', authority);
    c.set('context', inWorkspace(platform, authority));
    await next();
  });
