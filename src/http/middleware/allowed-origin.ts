import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import { allowsOrigin } from '../../core/origins.ts';
import type { EmbedAuthority } from '../../db/public-keys.ts';
import type { EmbedEnv } from '../app-env.ts';

/** 403: this page may not use this key. It carries no CORS header, so the page itself cannot read it. */
export function originNotAllowed(): ApiError {
  return new ApiError(
    'origin_not_allowed',
    "This page's origin is not on the public key's list. Add it to allowed_origins of the key.",
  );
}

/** Refuses a request without the origin of a page, before anything is looked up. */
export const pageOrigin = () =>
  createMiddleware<EmbedEnv>(async function pageOrigin(c, next) {
    c.header('Vary', 'Origin');
    const origin = c.req.header('Origin');
    if (origin === undefined || origin === 'null') throw originNotAllowed();
    c.set('origin', origin);
    await next();
  });

/** Lets in the pages of the key's own list, and lets them, and no other, read the answer. */
export const allowedOrigin = () =>
  createMiddleware<EmbedEnv>(async function allowedOrigin(c, next) {
    const { embed, origin } = c.var;
    if (!mayEmbed(embed, origin)) throw originNotAllowed();
    c.header('Access-Control-Allow-Origin', origin);
    c.header('Access-Control-Expose-Headers', 'Softsolz-Request-Id, Retry-After');
    await next();
  });

/** True where the key lets pages of this origin in. Plain http is for a sandbox alone, whatever is on the list. */
export function mayEmbed({ key, workspace }: EmbedAuthority, origin: string): boolean {
  if (workspace.mode === 'live' && !origin.startsWith('https:')) return false;
  return allowsOrigin(key.allowedOrigins, origin);
}
