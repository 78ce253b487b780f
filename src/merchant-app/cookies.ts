import type { Context } from 'hono';

/** The cookie with the id of the organisation that was opened last in this browser. It gives no rights. */
export const WORKSPACE_COOKIE = '__Host-softsolz.workspace';

/** Sets the cookies that an answer of better-auth sets. */
export function setCookiesOf(c: Pick<Context, 'header'>, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
}
