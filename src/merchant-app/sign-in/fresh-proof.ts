import { createMiddleware } from 'hono/factory';
import { hasFreshProof } from '../../domain/members/authorise.ts';
import type { AppContext } from '../app-env.ts';
import { refusedPage } from '../pages/refused.tsx';
import type { SignedInEnv } from './signed-in.ts';
import { confirmPath, wayBack } from './way-back.ts';

/**
 * Lets in a person who proved a short time ago who they are. Everybody else proves it first. After `signedIn()`.
 *
 * @example routes.post('/passkeys', signedIn(), freshlySignedIn(), handler)
 */
export const freshlySignedIn = () =>
  createMiddleware<SignedInEnv>(async function freshlySignedIn(c, next) {
    return hasFreshProof(c.var.signedIn.person, Date.now()) ? await next() : askForProof(c);
  });

/**
 * The answer to who has to prove again who they are. A page is opened after that; a form is not sent again by itself, so
 * its answer says that nothing was done.
 */
export function askForProof(c: Pick<AppContext, 'req' | 'var' | 'redirect' | 'html'>) {
  if (c.req.method === 'GET') return c.redirect(confirmPath(c.req.path), 303);
  return c.html(refusedPage({ language: c.var.language, why: 'proof', confirm: confirmPath(wayBack(c)) }), 403);
}
