import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { logLine } from '../../core/log.ts';
import type { AppEnv } from '../app-env.ts';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,128}$/;

/**
 * Gives every request an id: the value of its `X-Request-Id` header, or a new one if that is missing or malformed. Sets
 * `c.var.requestId`, `c.var.notes` and the header `Softsolz-Request-Id` of the answer. Writes one log line for the
 * request, with its notes and without its path, query and headers, which can identify a buyer.
 *
 * @example app.use(requestId())
 */
export const requestId = () =>
  createMiddleware<AppEnv>(async function requestId(c, next) {
    const given = c.req.header('X-Request-Id');
    const id = given !== undefined && VISIBLE_ASCII.test(given) ? given : crypto.randomUUID();
    const startedAt = Date.now();
    c.set('requestId', id);
    c.set('notes', {});
    await next();
    c.res.headers.set('Softsolz-Request-Id', id);
    logLine('info', 'request', {
      request_id: id,
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      duration_ms: Date.now() - startedAt,
      ...c.var.notes,
    });
  });

/** The pattern of the route that took the request, such as `/pay/link/:token`; `/*` if none did. */
function routeOf(c: Context<AppEnv>): string {
  const routes = matchedRoutes(c);
  const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
  // A route for all methods may stand behind one for this method, to answer what that does not take.
  const taken = routes.findLast((route) => route.method === method) ?? routes.at(-1);
  return taken?.path ?? '/*';
}
