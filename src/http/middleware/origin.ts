import type { HonoRequest } from 'hono';
import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { allowsOrigin } from '../../core/origins.ts';
import type { EmbedAuthority } from '../../db/api-keys.ts';
import type { EmbedEnv } from '../app-env.ts';

/** The 403 for a page that may not use the public key. The answer has no CORS header, so the page cannot read it. */
export function originNotAllowed(): ApiError {
  return new ApiError(
    'origin_not_allowed',
    "This page's origin is not on the public key's list. Add it to allowed_origins of the key.",
  );
}

/**
 * Refuses a request whose `Origin` header names no page, before the database is read. Sets `c.var.origin`. Throws
 * `origin_not_allowed`.
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
 * Refuses a page whose origin is not on the list of the public key. Sets the CORS headers with which any other page may
 * read the answer. Runs after `publicKey()`. Throws `origin_not_allowed`.
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

/** True if pages of this origin may use the public key. In live mode the origin must also be https. */
export function mayEmbed({ key, workspace }: EmbedAuthority, origin: string): boolean {
  if (workspace.mode === 'live' && !origin.startsWith('https:')) return false;
  return allowsOrigin(key.allowedOrigins, origin);
}

/**
 * True only if the headers `Sec-Fetch-Site` and `Origin` show that one of our own pages has sent the request. False if
 * both headers are missing. `publicUrl`: the address of this service.
 */
export function isSameOrigin(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  const origin = request.header('Origin');
  const fromUs = origin === new URL(publicUrl).origin;
  return site === undefined ? fromUs : site === 'same-origin' && (origin === undefined || fromUs);
}

/**
 * False if `Sec-Fetch-Site` or `Origin` shows that a page of another origin has sent the request. True if both headers
 * are missing, because every current browser sends one of them. `publicUrl`: the address of this service.
 */
export function isSameSite(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.header('Origin');
  return origin === undefined || origin === new URL(publicUrl).origin;
}
