import type { Hono } from 'hono';
import { ApiError } from '../core/errors.ts';
import type { AppEnv } from './app-env.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * The value of the `Allow` header for a path, e.g. `GET, POST`: the methods that routes of `app` take there. Null where
 * no route has this path. Middleware and routes for all methods do not count. HEAD is not named: it is taken where GET is.
 */
export function allowedMethods(app: Hono<AppEnv>, path: string): string | null {
  const taken = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return taken.length === 0 ? null : taken.join(', ');
}

/** The refusal of a request that no route takes: 405 with `Allow` where the path takes another method, else 404. */
export function noRouteError(method: string, path: string, allow: string | null): ApiError {
  if (allow === null) return new ApiError('not_found', `Nothing is here: ${method} ${path}.`);
  return new ApiError('method_not_allowed', `${method} is not possible here. Allowed: ${allow}.`, {
    headers: { Allow: allow },
  });
}
