import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { allowsOrigin } from '../../core/origins.ts';
import type { EmbedAuthority } from '../../db/api-keys.ts';
import type { EmbedEnv } from '../app-env.ts';

/** 403: this page may not use this key. The answer has no CORS header, so the page itself cannot read it. */
export function originNotAllowed(): ApiError {
  return new ApiError(
    'origin_not_allowed',
    "This page's origin is not on the public key's list. Add it to allowed_origins of the key.",
  );
}

/**
 * Refuses a request that comes from no page, before anything is read; the origin is in `c.var.origin`. Throws
 * `origin_not_allowed`.
 *
 * @example api.get('/bootstrap', pageOrigin(), …)
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
 * Refuses pages that are not on the public key's list of origins, and lets the others read the answer. After `publicKey`.
 * Throws `origin_not_allowed`.
 *
 * @example api.get('/bootstrap', pageOrigin(), zValidator('query', schema), publicKey(), allowedOrigin(), handler)
 */
export const allowedOrigin = () =>
  createMiddleware<EmbedEnv>(async function allowedOrigin(c, next) {
    const { embed, origin } = c.var;
    if (!mayEmbed(embed, origin)) throw originNotAllowed();
    c.header('Access-Control-Allow-Origin', origin);
    c.header('Access-Control-Expose-Headers', 'Softsolz-Request-Id, Retry-After');
    await next();
  });

/** True where pages of this origin may use the key. In live mode only https, whatever is on the list. */
export function mayEmbed({ key, workspace }: EmbedAuthority, origin: string): boolean {
  if (workspace.mode === 'live' && !origin.startsWith('https:')) return false;
  return allowsOrigin(key.allowedOrigins, origin);
}

/**
 * True only for a request of one of our own pages: by `Sec-Fetch-Site`, else by `Origin`. For routes that no one else calls.
 * `publicUrl`: this service's own address.
 */
export function isSameOrigin(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  const origin = request.header('Origin');
  const fromUs = origin === new URL(publicUrl).origin;
  return site === undefined ? fromUs : site === 'same-origin' && (origin === undefined || fromUs);
}

/**
 * False for a request that a page of another site sent, by `Sec-Fetch-Site` and `Origin`. True without both headers: every
 * browser of the last years sends one. `publicUrl`: this service's own address.
 */
export function isSameSite(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.header('Origin');
  return origin === undefined || origin === new URL(publicUrl).origin;
}
