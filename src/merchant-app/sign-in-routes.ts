import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readEmail } from '../core/email.ts';
import { describeError, logLine } from '../core/log.ts';
import { visitorOf } from '../core/visitor.ts';
import { mayGoOn } from '../domain/sign-in/limits.ts';
import type { AppContext, AppEnv } from './app-env.ts';
import { enterCode, readSession, sendCode } from './auth.ts';
import { CODE_SECONDS } from './code-mail.ts';
import { codePage } from './pages/code.tsx';
import { signInPage } from './pages/sign-in.tsx';

/** The cookie with the address that a code was asked for. It is not in the page's address, which is logged. */
const ADDRESS_COOKIE = '__Host-softsolz.address';
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: CODE_SECONDS } as const;

const TOO_OFTEN = 'That was too often. Try again in an hour.';
const NO_ADDRESS = 'Enter an e-mail address, such as name@example.com.';
const WRONG_CODE = 'That code is wrong, or does not work any more. After five wrong tries, ask for a new one.';

/** The routes below /app/sign-in. */
export const signInRoutes = new Hono<AppEnv>()
  .get('/', async (c) => {
    if ((await readSession(c.var.auth, c.req.raw.headers)) !== null) return c.redirect('/app', 303);
    return askForAddress(c, { email: '', fault: null, status: 200 });
  })

  .post('/', async (c) => {
    const typed = (await fieldOf(c, 'email')).trim();
    const email = readEmail(typed)?.toLowerCase() ?? null;
    if (email === null) return askForAddress(c, { email: typed, fault: NO_ADDRESS, status: 422 });
    if (!(await mayGoOn(c.var.directory, 'ask', attemptOf(c, email), Date.now()))) {
      return askForAddress(c, { email, fault: TOO_OFTEN, status: 429 });
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
      return askForCode(c, { email, fault: TOO_OFTEN, status: 429 });
    }
    const code = (await fieldOf(c, 'code')).replaceAll(/[\s-]/g, '');
    const cookies = await enterCode(c.var.auth, email, code, c.req.raw.headers);
    if (cookies === null) return askForCode(c, { email, fault: WRONG_CODE, status: 422 });
    deleteCookie(c, ADDRESS_COOKIE, COOKIE);
    for (const cookie of cookies.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
    return c.redirect('/app', 303);
  });

/** A field of the form that was sent. '' if there is none. Only the encoding that our own forms have is read. */
async function fieldOf(c: AppContext, name: string): Promise<string> {
  // workerd warns of `text()` where a body's type is not text.
  return new URLSearchParams(new TextDecoder().decode(await c.req.arrayBuffer())).get(name) ?? '';
}

interface FormAnswer {
  readonly email: string;
  readonly fault: string | null;
  readonly status: 200 | 422 | 429;
}

function askForAddress(c: AppContext, { email, fault, status }: FormAnswer) {
  return c.html(signInPage({ isOpen: c.var.config.signUp === 'open', email, fault }), status);
}

function askForCode(c: AppContext, { email, fault, status }: FormAnswer) {
  return c.html(codePage({ email, minutes: CODE_SECONDS / 60, fault }), status);
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
