import type { Context } from 'hono';
import { noRouteError } from '../allowed-methods.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { respondClosed } from './closed-response.tsx';

/** What programs load, not people: images, and the status that a page asks for. */
const NOT_A_PAGE = /^\/pay\/link\/[^/]+\/(qr\.svg|qr\.png|done\/status)$/;

/**
 * Answers a request below `/pay` that no route takes: people come here by links that were cut off or mistyped. A page with
 * 404, or with 405 and `Allow` where the path takes other methods (`allow`, null: none). Throws the 405 of what is no page.
 */
export async function respondUnknownPage(c: Context<PageEnv>, allow: string | null): Promise<Response> {
  if (allow === null) return await respondClosed(c, null, 'not_found');
  if (NOT_A_PAGE.test(c.req.path)) throw noRouteError(c.req.method, c.req.path, allow);
  c.header('Allow', allow);
  return await respondClosed(c, null, 'wrong_method');
}
