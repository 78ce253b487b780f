import type { Context, Hono } from 'hono';
import { ApiError, leadingFault, unavailable } from '../core/errors.ts';
import { describeError, logLine } from '../core/log.ts';
import { isDatabaseOutage } from '../db/client.ts';
import { stripeErrorOf } from '../domain/stripe-errors.ts';
import type { AppEnv } from './app-env.ts';
import { detailsOf } from './invalid-request.ts';

/** Whatever was thrown, as the answer a caller may see. Everything unforeseen is `internal_error` and nothing more. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const stripeError = stripeErrorOf(error);
  if (stripeError) return stripeError;
  if (isDatabaseOutage(error)) {
    return unavailable('This service is briefly unavailable. Send the same request again in a few seconds.', error);
  }
  return new ApiError('internal_error', 'Something went wrong on our side. Send the same request again.', {
    cause: error,
  });
}

/** The error body of the API. The cause goes to the log, never into the answer. */
export function respondError(error: unknown, c: Context<AppEnv>): Response {
  const known = asApiError(error);
  if (known.status >= 500) {
    logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  }
  for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
  const details = detailsOf(known);
  const message = known.faults.length > 0 ? leadingFault(details).message : known.message;
  return c.json({ error: { code: known.code, message, ...(details.length > 0 ? { details } : {}) } }, known.status);
}

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
