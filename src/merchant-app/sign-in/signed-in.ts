import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { setCookiesOf } from '../cookies.ts';
import { readSession, type SignedIn } from './auth.ts';
import { signInPath, wayOn } from './way-back.ts';

/** The Hono context of a request of a person who is signed in. */
export interface SignedInEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { signedIn: SignedIn };
}

/**
 * Sets `c.var.signedIn`, read from the database. Everybody else is sent to the page that signs in, and comes back.
 *
 * @example routes.post('/sign-out', signedIn(), handler)
 */
export const signedIn = () =>
  createMiddleware<SignedInEnv>(async function signedIn(c, next) {
    const found = await readSession(c.var.auth, c.req.raw.headers);
    if (found === null) return c.redirect(signInPath(wayOn(c)), 303);
    c.set('signedIn', found.signedIn);
    setCookiesOf(c, found.headers);
    return await next();
  });
