import { type Context, Hono } from 'hono';
import { setCookiesOf } from '../cookies.ts';
import { readForm } from '../form.ts';
import { endSession } from './auth.ts';
import { CODE_SECONDS } from './code-mail.ts';
import { askForCode, useCode } from './code-steps.ts';
import { type ConfirmFault, confirmPage } from './confirm-page.tsx';
import { answerScript, sentPasskey } from './passkey-steps.ts';
import { beginToSignIn, enterPasskey, isOwn, listPasskeys, usedPasskey } from './passkeys.ts';
import { type SignedInEnv, signedIn } from './signed-in.ts';
import { pathInApp } from './way-back.ts';

/** The routes below /app/confirm: a person who is signed in proves again who they are, and goes on to the path `to`. */
export const confirmRoutes = new Hono<SignedInEnv>()
  .use(signedIn())

  .get('/', (c) => show(c, { to: pathInApp(c.req.query('to')), isAsked: false }))

  .get('/code', (c) => show(c, { to: pathInApp(c.req.query('to')), isAsked: true }))

  .post('/send', async (c) => {
    const to = await wayOn(c);
    if (!(await askForCode(c, c.var.signedIn.person.email))) return show(c, { to, isAsked: false, fault: 'tooOften' });
    return c.redirect(`/app/confirm/code?to=${encodeURIComponent(to)}`, 303);
  })

  .post('/code', async (c) => {
    const to = await wayOn(c);
    const entered = await useCode(c, c.var.signedIn.person.email);
    return 'fault' in entered ? show(c, { to, isAsked: true, fault: entered.fault }) : goOn(c, entered.headers, to);
  })

  .post('/passkey/options', (c) => answerScript(c, beginToSignIn))

  .post('/passkey', async (c) => {
    const { headers } = c.req.raw;
    const to = await wayOn(c);
    const passkey = await sentPasskey(c, usedPasskey);
    // Asked before: a passkey of another person must not sign that person in here.
    const isFromOwner = passkey !== null && (await isOwn(c.var.auth, headers, passkey));
    const entered = isFromOwner ? await enterPasskey(c.var.auth, headers, passkey) : null;
    return entered === null ? show(c, { to, isAsked: false, fault: 'wrongPasskey' }) : goOn(c, entered, to);
  });

/** Where the form that was sent leads to. */
async function wayOn(c: Context<SignedInEnv>): Promise<string> {
  return pathInApp((await readForm(c)).get('to'));
}

/** Goes on with the new session, whose age is that of the proof. The old one ends. */
async function goOn(c: Context<SignedInEnv>, headers: Headers, to: string) {
  await endSession(c.var.auth, c.req.raw.headers, c.var.signedIn.session.token);
  setCookiesOf(c, headers);
  return c.redirect(to, 303);
}

interface Shown {
  /** The path to go on to. */
  readonly to: string;
  /** Whether a code was asked for. */
  readonly isAsked: boolean;
  readonly fault?: ConfirmFault;
}

async function show(c: Context<SignedInEnv>, { to, isAsked, fault }: Shown) {
  const { language, auth, signedIn } = c.var;
  const hasPasskeys = (await listPasskeys(auth, c.req.raw.headers)).length > 0;
  const minutes = isAsked ? CODE_SECONDS / 60 : null;
  const page = confirmPage({ language, email: signedIn.person.email, to, minutes, hasPasskeys, fault: fault ?? null });
  return c.html(page, statusOf(fault));
}

function statusOf(fault: ConfirmFault | undefined) {
  if (fault === undefined) return 200;
  return fault === 'tooOften' ? 429 : 422;
}
