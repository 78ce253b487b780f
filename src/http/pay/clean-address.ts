import { createMiddleware } from 'hono/factory';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import type { PageEnv } from './load-link.ts';

/** The address of a pay page or of the page after Checkout, with characters of the text in which it stood at its end. */
const WITH_REST = /^\/pay\/link\/(lnk_[0-9a-z]+)(\/done)?[/\p{P}\p{S}]+$/u;

/**
 * Redirects a GET or HEAD for the address of a page with punctuation at its end to the address without it: chats and
 * mail programs add what follows a link in the text. Keeps the query, but no e-mail address: no address that we make
 * has one. Reads nothing; any other address passes.
 *
 * @example routes.use(cleanAddress())
 */
export function cleanAddress() {
  return createMiddleware<PageEnv>(async function cleanAddress(c, next) {
    const { pathname, search, searchParams } = new URL(c.req.url);
    const [, token = '', done] = WITH_REST.exec(decoded(pathname)) ?? [];
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isRead || parsePaymentLinkToken(token) === null) return await next();
    const { pay, done: donePath } = pathsOf(token);
    const page = done === undefined ? pay : donePath;
    if (!searchParams.has('email')) return c.redirect(`${page}${search}`, 308);
    searchParams.delete('email');
    return c.redirect(withQuery(page, Object.fromEntries(searchParams)), 308);
  });
}

/** The path as a person reads it. '': it is malformed. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
