import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isFormId } from '../../core/ids.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { pathsOf } from './frame.ts';

const NAME = 'softsolz_form';
/** As long as a session lives. */
const MAX_AGE_SECONDS = 31 * 60;

/**
 * Keeps the id of a sent form with its buyer, by whatever way they come back from Checkout: the same form finds the session
 * that is open, and its place. In a cookie and not in the address, because addresses are shared.
 */
export function rememberForm(c: Context<PageEnv>, token: string, form: string): void {
  setCookie(c, NAME, form, {
    path: pathsOf(token).pay,
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.config.publicUrl.startsWith('https:'),
    maxAge: MAX_AGE_SECONDS,
  });
}

/** The form this buyer has sent last on this page, or null. */
export function formOfVisitor(c: Context<PageEnv>): string | null {
  const form = getCookie(c, NAME);
  return form !== undefined && isFormId(form) ? form : null;
}

/** The form has done its work: the next one is a new payment. */
export function forgetForm(c: Context<PageEnv>, token: string): void {
  if (getCookie(c, NAME) !== undefined) deleteCookie(c, NAME, { path: pathsOf(token).pay });
}
