import { describeError, logLine } from '../../core/log.ts';
import { visitorOf } from '../../core/visitor.ts';
import { mayAskForCode, mayEnterCode } from '../../domain/sign-in/limits.ts';
import type { AppContext } from '../app-env.ts';
import { readForm } from '../form.ts';
import { enterCode, makeCode } from './auth.ts';
import { codeMail } from './code-mail.ts';
import { maySignIn } from './who-may-sign-in.ts';

/** What the two steps with a code need of the context of a request. */
type CodeContext = Pick<AppContext, 'req' | 'var' | 'executionCtx'>;

/**
 * Sends a code to an e-mail address, if somebody may sign in with it. It goes on behind the answer, because how long it
 * takes depends on whether the address is known. False: too often in an hour.
 */
export async function askForCode(c: CodeContext, email: string): Promise<boolean> {
  const { directory, requestId } = c.var;
  if (!(await mayAskForCode(directory, { email, visitor: visitorIn(c) }, Date.now()))) return false;
  const logUnsent = (error: unknown) =>
    logLine('error', 'code not sent', { request_id: requestId, error: describeError(error) });
  c.executionCtx.waitUntil(sendCode(c.var, email).catch(logUnsent));
  return true;
}

/** An unknown address gets a code that is never sent: entering one then takes as long as for any other address. */
async function sendCode({ auth, config, directory, language, send }: CodeContext['var'], email: string): Promise<void> {
  const code = await makeCode(auth, email);
  if (await maySignIn(directory, config, email)) await send(await codeMail(email, code, language));
}

/** What became of the field `code` of a form. `headers`: they set the cookie of a new session. */
type EnteredCode = { readonly headers: Headers } | { readonly fault: 'tooOften' | 'wrongCode' };

/** Signs in with an address and the code in the form that was sent. */
export async function useCode(c: CodeContext, email: string): Promise<EnteredCode> {
  const { directory, auth } = c.var;
  if (!(await mayEnterCode(directory, { email, visitor: visitorIn(c) }, Date.now()))) return { fault: 'tooOften' };
  const code = ((await readForm(c)).get('code') ?? '').replaceAll(/[\s-]/g, '');
  const headers = await enterCode(auth, email, code, c.req.raw.headers);
  return headers === null ? { fault: 'wrongCode' } : { headers };
}

/** The name under which the visitor who sends a request is counted. */
export function visitorIn(c: Pick<AppContext, 'req'>): string {
  return visitorOf(c.req.header('CF-Connecting-IP') ?? null);
}
