import { createMiddleware } from 'hono/factory';
import { ApiError } from '../../core/errors.ts';
import type { AppEnv } from '../app-env.ts';

/** Refuses every request that a browser sent for a page: a secret key must never be in one. Looks at nothing else. */
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

/** Answers of the API are for one caller at one moment, and never a page. */
export const apiHeaders = () =>
  createMiddleware<AppEnv>(async function apiHeaders(c, next) {
    await next();
    c.res.headers.set('Cache-Control', 'no-store');
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
