import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** Answers of the API are for one caller at one moment, and never a page. */
export const apiHeaders = () =>
  createMiddleware<AppEnv>(async function apiHeaders(c, next) {
    await next();
    c.res.headers.set('Cache-Control', 'no-store');
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });
