import type { Context, Hono } from 'hono';
import { ApiError, leadingFault, unavailable } from '../core/errors.ts';
import { describeError, logLine } from '../core/log.ts';
import { isDatabaseOutage } from '../db/client.ts';
import { stripeErrorOf } from '../domain/stripe-errors.ts';
import type { AppEnv } from './app-env.ts';
import { detailsOf, withJsonNames } from './invalid-request.ts';

/** Turns anything that was thrown into an error that a caller may see. An unknown error becomes `internal_error`. */
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

/** Answers with the error body of the API. The cause of a 5xx is in the log, and never in the answer. */
export function respondError(error: unknown, c: Context<AppEnv>): Response {
  const known = asApiError(error);
  c.var.notes.code = known.code;
  if (known.status >= 500) {
    logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  }
  for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
  const details = detailsOf(known);
  const message = known.faults.length > 0 ? leadingFault(details).message : withJsonNames(known.message);
  return c.json({ error: { code: known.code, message, ...(details.length > 0 ? { details } : {}) } }, known.status);
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/**
 * The value of the `Allow` header for a path, for example `GET, POST`: the methods for which `app` has a route. null:
 * no route has this path. Middleware and routes for all methods do not count. HEAD is never listed, though every GET
 * route takes it.
 */
export function allowedMethods(app: Hono<AppEnv>, path: string): string | null {
  const taken = METHODS.filter((method) =>
    app.router.match(method, path)[0].some(([[, route]]) => route.method === method),
  );
  return taken.length === 0 ? null : taken.join(', ');
}

/** Of a longer path the message has only the beginning. */
const SHOWN_PATH_CHARACTERS = 100;

/** The error for a request that no route takes. `allow`: the methods of its path, for a 405. null: a 404. */
export function noRouteError(method: string, path: string, allow: string | null): ApiError {
  if (allow === null) {
    const shown =
      path.length > SHOWN_PATH_CHARACTERS ? `${path.slice(0, SHOWN_PATH_CHARACTERS).toWellFormed()}…` : path;
    return new ApiError('not_found', `Nothing is here: ${method} ${shown}`);
  }
  return new ApiError('method_not_allowed', `${method} is not possible here. Allowed: ${allow}.`, {
    headers: { Allow: allow },
  });
}
