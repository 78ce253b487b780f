import { createMiddleware } from 'hono/factory';
import { logLine } from '../../core/log.ts';
import type { AppEnv } from '../app-env.ts';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,128}$/;

/**
 * Gives every request an id: the value of its `X-Request-Id` header, or a new one if that is missing or malformed. Sets
 * `c.var.requestId` and the header `Softsolz-Request-Id` of the answer, and writes one log line for the request.
 *
 * @example app.use(requestId())
 */
export const requestId = () =>
  createMiddleware<AppEnv>(async function requestId(c, next) {
    const given = c.req.header('X-Request-Id');
    const id = given !== undefined && VISIBLE_ASCII.test(given) ? given : crypto.randomUUID();
    const startedAt = Date.now();
    c.set('requestId', id);
    await next();
    c.res.headers.set('Softsolz-Request-Id', id);
    logLine('info', 'request', {
      request_id: id,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      duration_ms: Date.now() - startedAt,
    });
  });
