import type { Handler } from 'hono';
import { ApiError } from '../../core/errors.ts';

/** The last handler of a path: names the methods that the path does take, e.g. `GET, POST`. */
export function methodNotAllowed(allow: string): Handler {
  return function methodNotAllowed(c) {
    throw new ApiError('method_not_allowed', `${c.req.method} is not possible here. Allowed: ${allow}.`, {
      headers: { Allow: allow },
    });
  };
}
