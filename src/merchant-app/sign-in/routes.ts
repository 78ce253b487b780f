import { Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { readEmail } from '../../core/email.ts';
import type { AppContext, AppEnv } from '../app-env.ts';
import { setCookiesOf } from '../cookies.ts';
import { readForm } from '../form.ts';
import { endSession, readSession } from './auth.ts';
import { CODE_SECONDS } from './code-mail.ts';
import { codePage } from './code-page.tsx';
import { askForCode, useCode } from './code-steps.ts';
import { answerScript, sentPasskey } from './passkey-steps.ts';
import { beginToSignIn, enterPasskey, usedPasskey } from './passkeys.ts';
import { signInPage } from './sign-in-page.tsx';
import { signInTexts } from './texts.ts';
import { pathInApp, signInPath } from './way-back.ts';

/** The cookie with the address that a code was asked for. It is not in the page's address, which is logged. */
const ADDRESS_COOKIE = '__Host-softsolz.address';
const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: CODE_SECONDS } as const;

/** The routes below /app/sign-in. */
export const signInRoutes = new Hono<AppEnv>()
  .get('/', async (c) => {
    const to = pathInApp(c.req.query('to'));
    if ((await readSession(c.var.auth, c.req.raw.headers)) !== null) return c.redirect(to, 303);
    return showSignIn(c, { to, email: '', fault: null, status: 200 });
  })

  .post('/', async (c) => {
    const fields = await readForm(c);
    const to = pathInApp(fields.get('to'));
    const typed = (fields.get('email') ?? '').trim();
    const email = readEmail(typed)?.toLowerCase() ?? null;
    if (email === null) return showSignIn(c, { to, email: typed, fault: 'noAddress', status: 422 });
    if (!(await askForCode(c, email))) return showSignIn(c, { to, email, fault: 'tooOften', status: 429 });
    setCookie(c, ADDRESS_COOKIE, email, COOKIE);
    return c.redirect(signInPath(to, '/code'), 303);
  })

  .get('/code', (c) => {
    const to = pathInApp(c.req.query('to'));
    const email = addressOf(c);
    return email === null ? c.redirect(signInPath(to), 303) : showCode(c, { to, email, fault: null, status: 200 });
  })

  .post('/code', async (c) => {
    const to = pathInApp((await readForm(c)).get('to'));
    const email = addressOf(c);
    if (email === null) return c.redirect(signInPath(to), 303);
    const entered = await useCode(c, email);
    if ('fault' in entered) {
      return showCode(c, { to, email, fault: entered.fault, status: entered.fault === 'tooOften' ? 429 : 422 });
    }
    deleteCookie(c, ADDRESS_COOKIE, COOKIE);
    return goOn(c, entered.headers, to);
  })

  .post('/passkey/options', (c) => answerScript(c, beginToSignIn))

  .post('/passkey', async (c) => {
    const to = pathInApp((await readForm(c)).get('to'));
    const passkey = await sentPasskey(c, usedPasskey);
    const headers = passkey && (await enterPasskey(c.var.auth, c.req.raw.headers, passkey));
    if (headers === null) return showSignIn(c, { to, email: '', fault: 'wrongPasskey', status: 422 });
    return goOn(c, headers, to);
  });

/** Goes on with the new session. The one that this browser had before ends. */
async function goOn(c: AppContext, headers: Headers, to: string) {
  const { auth } = c.var;
  const before = await readSession(auth, c.req.raw.headers);
  if (before) await endSession(auth, c.req.raw.headers, before.signedIn.session.token);
  setCookiesOf(c, headers);
  return c.redirect(to, 303);
}

interface FormAnswer<Fault extends string> {
  /** The path to go on to. */
  readonly to: string;
  readonly email: string;
  /** Why the form was refused. null: it was not. */
  readonly fault: Fault | null;
  readonly status: 200 | 422 | 429;
}

function showSignIn(c: AppContext, answer: FormAnswer<'noAddress' | 'tooOften' | 'wrongPasskey'>) {
  const { language, config } = c.var;
  const { to, email, fault, status } = answer;
  return c.html(signInPage({ language, isOpen: config.signUp === 'open', to, email, fault }), status);
}

function showCode(c: AppContext, { to, email, fault, status }: FormAnswer<'tooOften' | 'wrongCode'>) {
  const { language } = c.var;
  const text = fault && signInTexts[language][fault];
  return c.html(codePage({ language, to, email, minutes: CODE_SECONDS / 60, fault: text }), status);
}

/** The address that this browser asked a code for. null: none, or too long ago. */
function addressOf(c: AppContext): string | null {
  return readEmail(getCookie(c, ADDRESS_COOKIE) ?? '')?.toLowerCase() ?? null;
}
