import { describeError, logLine } from '../core/log.ts';
import { visitorOf } from '../core/visitor.ts';
import { mayGoOn } from '../domain/sign-in/limits.ts';
import type { AppContext } from './app-env.ts';
import { enterCode, sendCode } from './auth.ts';
import { readForm } from './form.ts';

/** What the two steps with a code need of the context of a request. */
type CodeContext = Pick<AppContext, 'req' | 'var' | 'executionCtx'>;

/**
 * Sends a code to an e-mail address, if somebody may sign in with it. It goes on behind the answer, because how long it
 * takes depends on whether the address is known. False: too often in an hour.
 */
export async function askForCode(c: CodeContext, email: string): Promise<boolean> {
  const { directory, auth, requestId } = c.var;
  if (!(await mayGoOn(directory, 'ask', { email, visitor: visitorIn(c) }, Date.now()))) return false;
  const logUnsent = (error: unknown) =>
    logLine('error', 'code not sent', { request_id: requestId, error: describeError(error) });
  c.executionCtx.waitUntil(sendCode(auth, email, c.req.raw.headers).catch(logUnsent));
  return true;
}

/** What became of the field `code` of a form. `headers`: they set the cookie of a new session. */
type EnteredCode = { readonly headers: Headers } | { readonly fault: 'tooOften' | 'wrongCode' };

/** Signs in with an address and the code in the form that was sent. */
export async function useCode(c: CodeContext, email: string): Promise<EnteredCode> {
  const { directory, auth } = c.var;
  if (!(await mayGoOn(directory, 'enter', { email, visitor: visitorIn(c) }, Date.now()))) return { fault: 'tooOften' };
  const code = ((await readForm(c)).get('code') ?? '').replaceAll(/[\s-]/g, '');
  const headers = await enterCode(auth, email, code, c.req.raw.headers);
  return headers === null ? { fault: 'wrongCode' } : { headers };
}

/** The name under which the visitor who sends a request is counted. */
export function visitorIn(c: Pick<AppContext, 'req'>): string {
  return visitorOf(c.req.header('CF-Connecting-IP') ?? null);
}
