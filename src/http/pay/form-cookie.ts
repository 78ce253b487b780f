import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readEmail } from '../../core/email.ts';
import { pathsOf } from '../buyer/buyer-request.ts';
import { formId, sessionId } from '../buyer/fields.ts';
import type { PageEnv } from './load-link.ts';
import { type FormRefusal, formRefusal } from './requests.ts';

const FORM = 'softsolz_form';
const SESSION = 'softsolz_session';
const PAID = 'softsolz_paid';
/** As long as a Stripe session may be open. */
const FORM_SECONDS = 31 * 60;
const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** Stands between the parts of the form's cookie, and in none of them. */
const SEPARATOR = '\n';

/** A form that a buyer has sent: its random id, and what was in it. */
export interface SentForm {
  readonly id: string;
  readonly email: string | null;
  /** The amount as a buyer types it, valid or not. null: the price is fixed, or nothing was typed. */
  readonly amount: string | null;
  /** The language and region (BCP 47) in which `amount` was typed: it may mean another amount in another one. */
  readonly typedIn: string;
  /** The amount in the address of the page, with which the form was opened. null: there was none. */
  readonly openedWith: string | null;
  /** Why the form was not taken. null: it was, or it is not known. */
  readonly refusal: FormRefusal;
}

/**
 * Keeps a sent form in a cookie. When the buyer comes back from Checkout, the page has the same form with the same
 * content, so its open session and its place are used again. The id and the e-mail address are in no address, because
 * an address may be logged and shared.
 */
export function rememberForm(c: Context<PageEnv>, token: string, sent: SentForm): void {
  const { id, email, amount, typedIn, openedWith, refusal } = sent;
  const parts = [id, email, amount, typedIn, openedWith, refusal].map((part) =>
    (part ?? '').replaceAll(SEPARATOR, ' '),
  );
  remember(c, token, { name: FORM, value: parts.join(SEPARATOR).trimEnd(), seconds: FORM_SECONDS });
}

/** The form that this buyer has sent last on this page. null: there is no cookie with a valid id. */
export function formOfVisitor(c: Context<PageEnv>): SentForm | null {
  const [sent, email = '', amount, typedIn = '', openedWith, refusal] = (getCookie(c, FORM) ?? '').split(SEPARATOR);
  const id = formId.safeParse(sent).data;
  if (id === undefined) return null;
  const entered = { email: readEmail(email), amount: amount || null, typedIn, openedWith: openedWith || null };
  return { id, ...entered, refusal: formRefusal.parse(refusal) };
}

/** Deletes the cookies of the buyer's form and of its session, so that the next form is a new payment. */
export function forgetForm(c: Context<PageEnv>, token: string): void {
  for (const name of [FORM, SESSION]) forget(c, token, name);
}

/** The Stripe session that a buyer was sent to, and the id of the form that has made it. */
interface SentSession {
  readonly id: string;
  /** null: the cookie does not name a form. */
  readonly form: string | null;
}

/** Keeps in a cookie the Stripe session that the buyer is sent to. Whether it was paid is not known yet. */
export function rememberSession(c: Context<PageEnv>, token: string, { id, form }: SentSession): void {
  remember(c, token, { name: SESSION, value: `${id}.${form ?? ''}`, seconds: SESSION_SECONDS });
}

/** What `rememberSession` has kept for this page. null: there is no cookie with a valid id. */
export function sessionOfVisitor(c: Context<PageEnv>): SentSession | null {
  const [sent, form] = (getCookie(c, SESSION) ?? '').split('.');
  const id = sessionId.safeParse(sent).data;
  return id === undefined ? null : { id, form: formId.safeParse(form).data ?? null };
}

/**
 * Keeps in a cookie the id of a Stripe session that is paid or processing, and forgets the form that has made it. If the
 * buyer was sent to another session since, only that one and its form stay.
 */
export function rememberPaid(c: Context<PageEnv>, token: string, stripeSessionId: string): void {
  remember(c, token, { name: PAID, value: stripeSessionId, seconds: SESSION_SECONDS });
  const last = sessionOfVisitor(c);
  if (last === null || last.id === stripeSessionId) forgetForm(c, token);
  else if (formOfVisitor(c)?.id !== last.form) forget(c, token, FORM);
}

/** The id that `rememberPaid` has kept for this page. null: there is no cookie with a valid id. */
export function paidOfVisitor(c: Context<PageEnv>): string | null {
  return sessionId.safeParse(getCookie(c, PAID)).data ?? null;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly seconds: number;
}

function remember(c: Context<PageEnv>, token: string, { name, value, seconds }: Cookie): void {
  setCookie(c, name, value, {
    path: pathsOf(token).pay,
    httpOnly: true,
    sameSite: 'Lax',
    secure: c.var.config.publicUrl.startsWith('https:'),
    maxAge: seconds,
  });
}

function forget(c: Context<PageEnv>, token: string, name: string): void {
  if (getCookie(c, name) !== undefined) deleteCookie(c, name, { path: pathsOf(token).pay });
}
