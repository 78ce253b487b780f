import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { isFormId } from '../../core/ids.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { pathsOf } from './frame.ts';

const FORM = 'softsolz_form';
const SESSION = 'softsolz_session';
/** As long as a session lives. */
const MAX_AGE_SECONDS = 31 * 60;

/** What `session_id` may look like; Stripe's page sends buyers back with it. */
export const SESSION_ID = /^cs_[0-9A-Za-z_]{1,250}$/;

/**
 * Keeps the id of a sent form with its buyer, by whatever way they come back from Checkout: the same form finds the session
 * that is open, and its place. In a cookie and not in the address, because addresses are shared.
 */
export function rememberForm(c: Context<PageEnv>, token: string, form: string): void {
  remember(c, token, FORM, form);
}

/** The form this buyer has sent last on this page, or null. */
export function formOfVisitor(c: Context<PageEnv>): string | null {
  const form = getCookie(c, FORM);
  return form !== undefined && isFormId(form) ? form : null;
}

/** The form has done its work: the next one is a new payment. */
export function forgetForm(c: Context<PageEnv>, token: string): void {
  if (getCookie(c, FORM) !== undefined) deleteCookie(c, FORM, { path: pathsOf(token).pay });
}

/** Keeps the session that this buyer was last sent to or came back from, paid or not. */
export function rememberSession(c: Context<PageEnv>, token: string, stripeSessionId: string): void {
  remember(c, token, SESSION, stripeSessionId);
}

/** That session of this buyer on this page, or null. */
export function sessionOfVisitor(c: Context<PageEnv>): string | null {
  const session = getCookie(c, SESSION);
  return session !== undefined && SESSION_ID.test(session) ? session : null;
}

function remember(c: Context<PageEnv>, token: string, name: string, value: string): void {
  setCookie(c, name, value, {
    path: pathsOf(token).pay,
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.config.publicUrl.startsWith('https:'),
    maxAge: MAX_AGE_SECONDS,
  });
}
