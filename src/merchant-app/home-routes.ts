import { Hono } from 'hono';
import { deleteCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from './app-env.ts';
import { endSession, listSessions, readSession, SESSION_COOKIE, type SignedIn } from './auth.ts';
import { homePage } from './pages/home.tsx';

/** The Hono context of a request of a person who is signed in. */
interface SignedInEnv extends AppEnv {
  Variables: AppEnv['Variables'] & { signedIn: SignedIn };
}

/** Sets `c.var.signedIn`, read from the database. Everybody else is sent to the page that signs in. */
const signedIn = () =>
  createMiddleware<SignedInEnv>(async function signedIn(c, next) {
    const found = await readSession(c.var.auth, c.req.raw.headers);
    if (found === null) return c.redirect('/app/sign-in', 303);
    c.set('signedIn', found.signedIn);
    for (const cookie of found.headers.getSetCookie()) c.header('Set-Cookie', cookie, { append: true });
    return await next();
  });

/** The routes of a person who is signed in, below /app. */
export const homeRoutes = new Hono<SignedInEnv>()
  .get('/', signedIn(), async (c) => {
    const { email, session } = c.var.signedIn;
    const sessions = await listSessions(c.var.auth, c.req.raw.headers);
    return c.html(homePage({ email, current: session.id, sessions }));
  })

  .post('/sessions/:id/end', signedIn(), async (c) => {
    const { headers } = c.req.raw;
    const session = (await listSessions(c.var.auth, headers)).find(({ id }) => id === c.req.param('id'));
    if (session) await endSession(c.var.auth, headers, session.token);
    return c.redirect('/app', 303);
  })

  .post('/sign-out', signedIn(), async (c) => {
    await endSession(c.var.auth, c.req.raw.headers, c.var.signedIn.session.token);
    deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true });
    return c.redirect('/app/sign-in', 303);
  });
