import { createMiddleware } from 'hono/factory';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { pathsOf } from '../buyer/buyer-request.ts';
import type { PageEnv } from './load-link.ts';

/** The address of a pay page or of the page after Checkout, with characters of the text in which it stood at its end. */
const WITH_REST = /^\/pay\/link\/(lnk_[0-9a-z]+)(\/done)?[/.,);:!'">\]}`’”»…*_]+$/;

/**
 * Redirects a GET or HEAD for the address of a page with punctuation at its end to the address without it: chats and
 * mail programs add what follows a link in the text. The query is kept. Reads nothing; any other address passes.
 *
 * @example routes.use(cleanAddress())
 */
export function cleanAddress() {
  return createMiddleware<PageEnv>(async function cleanAddress(c, next) {
    const { pathname, search } = new URL(c.req.url);
    const [, token = '', done] = WITH_REST.exec(decoded(pathname)) ?? [];
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isRead || parsePaymentLinkToken(token) === null) return await next();
    const { pay, done: donePath } = pathsOf(token);
    return c.redirect(`${done === undefined ? pay : donePath}${search}`, 308);
  });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
