import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { allowsOrigin } from '../../core/origins.ts';
import type { EmbedAuthority } from '../../db/api-keys.ts';
import type { EmbedEnv } from '../app-env.ts';

/** 403 for a page that may not use the public key. The answer has no CORS header, so the page cannot read it. */
export function originNotAllowed(): ApiError {
  return new ApiError(
    'origin_not_allowed',
    "This page's origin is not on the public key's list. Add it to allowed_origins of the key.",
  );
}

/**
 * Refuses a request that no page has sent, before anything is read, and sets `c.var.origin`. Throws `origin_not_allowed`.
 *
 * @example api.get('/bootstrap', pageOrigin(), handler)
 */
export const pageOrigin = () =>
  createMiddleware<EmbedEnv>(async function pageOrigin(c, next) {
    c.header('Vary', 'Origin');
    const origin = c.req.header('Origin');
    if (origin === undefined || origin === 'null') throw originNotAllowed();
    c.set('origin', origin);
    await next();
  });

/**
 * Refuses pages whose origin is not on the list of the public key, and lets the others read the answer. It stands after
 * `publicKey`. Throws `origin_not_allowed`.
 *
 * @example api.get('/bootstrap', pageOrigin(), pageInput('query', schema, respond), publicKey(), allowedOrigin(), handler)
 */
export const allowedOrigin = () =>
  createMiddleware<EmbedEnv>(async function allowedOrigin(c, next) {
    const { embed, origin } = c.var;
    if (!mayEmbed(embed, origin)) throw originNotAllowed();
    c.header('Access-Control-Allow-Origin', origin);
    c.header('Access-Control-Expose-Headers', 'Softsolz-Request-Id, Retry-After');
    await next();
  });

/** True if pages of this origin may use the public key. In live mode only https is allowed, whatever is on the list. */
export function mayEmbed({ key, workspace }: EmbedAuthority, origin: string): boolean {
  if (workspace.mode === 'live' && !origin.startsWith('https:')) return false;
  return allowsOrigin(key.allowedOrigins, origin);
}

/**
 * True only for a request that one of our own pages has sent, by `Sec-Fetch-Site`, or else by `Origin`. `publicUrl`: the address
 * of this service.
 */
export function isSameOrigin(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  const origin = request.header('Origin');
  const fromUs = origin === new URL(publicUrl).origin;
  return site === undefined ? fromUs : site === 'same-origin' && (origin === undefined || fromUs);
}

/**
 * False for a request that a page of another site has sent, by `Sec-Fetch-Site` and `Origin`. True without both headers, because
 * every current browser sends one of them. `publicUrl`: the address of this service.
 */
export function isSameSite(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.header('Origin');
  return origin === undefined || origin === new URL(publicUrl).origin;
}
