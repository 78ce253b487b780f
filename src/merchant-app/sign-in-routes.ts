import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readEmail } from '../core/email.ts';
import { describeError, logLine } from '../core/log.ts';
import { visitorOf } from '../core/visitor.ts';
import { mayGoOn } from '../domain/sign-in/limits.ts';
import type { AppContext, AppEnv } from './app-env.ts';
import { enterCode, readSession, sendCode } from './auth.ts';
import { CODE_SECONDS } from './code-mail.ts';
import { readForm } from './form.ts';
import { codePage } from './pages/code.tsx';
import { signInPage } from './pages/sign-in.tsx';
import { signInTexts } from './texts/sign-in.ts';

/** The cookie with the address that a code was asked for. It is not in the page's address, which is logged. */
const ADDRESS_COOKIE = '__Host-softsolz.address';
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: CODE_SECONDS } as const;

/** The routes below /app/sign-in. */
export const signInRoutes = new Hono<AppEnv>()
  .get('/', async (c) => {
    if ((await readSession(c.var.auth, c.req.raw.headers)) !== null) return c.redirect('/app', 303);
    return askForAddress(c, { email: '', fault: null, status: 200 });
  })

  .post('/', async (c) => {
    const typed = ((await readForm(c)).get('email') ?? '').trim();
    const email = readEmail(typed)?.toLowerCase() ?? null;
    if (email === null) return askForAddress(c, { email: typed, fault: 'noAddress', status: 422 });
    if (!(await mayGoOn(c.var.directory, 'ask', attemptOf(c, email), Date.now()))) {
      return askForAddress(c, { email, fault: 'tooOften', status: 429 });
    }
    // Not waited for: how long it takes depends on whether the address is known.
    c.executionCtx.waitUntil(sendCode(c.var.auth, email, c.req.raw.headers).catch((error) => logUnsent(c, error)));
    setCookie(c, ADDRESS_COOKIE, email, COOKIE);
    return c.redirect('/app/sign-in/code', 303);
  })

  .get('/code', (c) => {
    const email = addressOf(c);
    return email === null ? c.redirect('/app/sign-in', 303) : askForCode(c, { email, fault: null, status: 200 });
  })

  .post('/code', async (c) => {
    const email = addressOf(c);
    if (email === null) return c.redirect('/app/sign-in', 303);
    if (!(await mayGoOn(c.var.directory, 'enter', attemptOf(c, email), Date.now()))) {
      return askForCode(c, { email, fault: 'tooOften', status: 429 });
    }
    const code = ((await readForm(c)).get('code') ?? '').replaceAll(/[\s-]/g, '');
    const cookies = await enterCode(c.var.auth, email, code, c.req.raw.headers);
    if (cookies === null) return askForCode(c, { email, fault: 'wrongCode', status: 422 });
    deleteCookie(c, ADDRESS_COOKIE, COOKIE);
    for (const cookie of cookies.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
    return c.redirect('/app', 303);
  });

interface FormAnswer {
  readonly email: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: 'noAddress' | 'tooOften' | 'wrongCode' | null;
  readonly status: 200 | 422 | 429;
}

function askForAddress(c: AppContext, { email, fault, status }: FormAnswer) {
  const { language, config } = c.var;
  return c.html(signInPage({ language, isOpen: config.signUp === 'open', email, fault: faultText(c, fault) }), status);
}

function askForCode(c: AppContext, { email, fault, status }: FormAnswer) {
  const { language } = c.var;
  return c.html(codePage({ language, email, minutes: CODE_SECONDS / 60, fault: faultText(c, fault) }), status);
}

function faultText(c: AppContext, fault: FormAnswer['fault']): string | null {
  return fault && signInTexts[c.var.language][fault];
}

/** The address that this browser asked a code for. null: none, or too long ago. */
function addressOf(c: AppContext): string | null {
  return readEmail(getCookie(c, ADDRESS_COOKIE) ?? '')?.toLowerCase() ?? null;
}

function attemptOf(c: AppContext, email: string) {
  return { email, visitor: visitorOf(c.req.header('CF-Connecting-IP') ?? null) };
}

function logUnsent(c: AppContext, error: unknown): void {
  logLine('error', 'code not sent', { request_id: c.var.requestId, error: describeError(error) });
}
