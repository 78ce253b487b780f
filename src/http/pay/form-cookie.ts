import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readEmail } from '../../core/email.ts';
import { pathsOf } from '../buyer/buyer-request.ts';
import { formId, sessionId } from '../buyer/fields.ts';
import type { PageEnv } from './load-link.ts';

const FORM = 'softsolz_form';
const SESSION = 'softsolz_session';
/** As long as a Stripe session may be open. */
const MAX_AGE_SECONDS = 31 * 60;

/** A form that a buyer has sent: its random id, and the e-mail address in it. */
interface SentForm {
  readonly id: string;
  readonly email: string | null;
}

/**
 * Keeps a sent form in a cookie. When the buyer comes back from Checkout, the page has the same form with the same
 * e-mail address, so its open session and its place are used again. Neither is in an address, because that may be
 * logged and shared.
 */
export function rememberForm(c: Context<PageEnv>, token: string, { id, email }: SentForm): void {
  remember(c, token, FORM, email === null ? id : `${id} ${email}`);
}

/** The form that this buyer has sent last on this page. null: there is no cookie with a valid id. */
export function formOfVisitor(c: Context<PageEnv>): SentForm | null {
  const [sent, email] = (getCookie(c, FORM) ?? '').split(' ');
  const id = formId.safeParse(sent).data;
  return id === undefined ? null : { id, email: readEmail(email ?? '') };
}

/** Deletes the cookie of `rememberForm`, so that the buyer's next form is a new payment. */
export function forgetForm(c: Context<PageEnv>, token: string): void {
  if (getCookie(c, FORM) !== undefined) deleteCookie(c, FORM, { path: pathsOf(token).pay });
}

/** Keeps in a cookie the id of the Stripe session that the buyer was last sent to or came back from, paid or not. */
export function rememberSession(c: Context<PageEnv>, token: string, stripeSessionId: string): void {
  remember(c, token, SESSION, stripeSessionId);
}

/** The id that `rememberSession` has kept for this page. null: there is no cookie with a valid id. */
export function sessionOfVisitor(c: Context<PageEnv>): string | null {
  return sessionId.safeParse(getCookie(c, SESSION)).data ?? null;
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
