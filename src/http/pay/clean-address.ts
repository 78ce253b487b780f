import { createMiddleware } from 'hono/factory';
import { parsePaymentLinkToken } from '../../core/ids.ts';
import { pathsOf } from '../buyer/buyer-request.ts';
import type { PageEnv } from './load-link.ts';

const PAGE = /^\/pay\/link\/(lnk_[0-9a-z]+)(\/done)?$/;
/** What may follow an address in a text: space, punctuation and symbols, but none of a currency. */
const ADDED = /^(?!\p{Sc})[\s\p{Cf}\p{P}\p{S}]/u;
/** The parameters whose values end in none of that. Any other may be the merchant's own text. */
const PLAIN_PARAMETERS: readonly string[] = ['session_id', 'lang', 'amount'];

/**
 * Redirects a GET or HEAD for the address of a pay page or of the page after Checkout with punctuation or space at its
 * end, or at the end of its path, to the address without it: chats and mail programs add what follows a link in the
 * text. Keeps the rest of the query, but no e-mail address: no address that we make has one. Reads nothing; any other
 * address passes.
 *
 * @example app.use('/pay/link/*', cleanAddress())
 */
export function cleanAddress() {
  return createMiddleware<PageEnv>(async function cleanAddress(c, next) {
    const { pathname, search, searchParams } = new URL(c.req.url);
    const path = decoded(pathname);
    const [, token = '', done] = PAGE.exec(withoutAdded(path)) ?? [];
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    if (!isRead || parsePaymentLinkToken(token) === null) return await next();
    const { pay, done: donePath } = pathsOf(token);
    const page = done === undefined ? pay : donePath;
    const query = cleanQuery(searchParams) ?? search;
    if (path === page && query === search) return await next();
    if (!searchParams.has('email')) return c.redirect(`${page}${query}`, 308);
    const kept = new URLSearchParams(query);
    kept.delete('email');
    return c.redirect(kept.size === 0 ? page : `${page}?${kept}`, 308);
  });
}

/** The query without what was added to its last value. null: nothing was. */
function cleanQuery(parameters: URLSearchParams): string | null {
  const pairs = [...parameters];
  const [name, value] = pairs.at(-1) ?? [];
  if (name === undefined || value === undefined || !PLAIN_PARAMETERS.includes(name)) return null;
  const clean = withoutAdded(value);
  return clean === value ? null : `?${new URLSearchParams([...pairs.slice(0, -1), [name, clean]])}`;
}

function withoutAdded(text: string): string {
  const characters = [...text];
  return characters.slice(0, characters.findLastIndex((character) => !ADDED.test(character)) + 1).join('');
}

/** The path as a person reads it. '': it is malformed. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}
