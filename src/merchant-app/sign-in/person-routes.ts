import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie } from 'hono/cookie';
import type { Mode } from '../../core/api-keys.ts';
import { listInvitationsTo } from '../../db/invitations.ts';
import { listMemberships } from '../../db/members.ts';
import { WORKSPACE_COOKIE } from '../cookies.ts';
import { pathIn } from '../paths.ts';
import { endOtherSessions, endSession, listSessions, SESSION_COOKIE } from './auth.ts';
import { type SignedInEnv, signedIn } from './signed-in.ts';
import { wayBack } from './way-back.ts';

/** The routes of a person who is signed in, below /app, which are in no workspace. */
export const personRoutes = new Hono<SignedInEnv>()
  .get('/', signedIn(), (c) => toHome(c, 'sandbox'))
  .get('/test/home', signedIn(), (c) => toHome(c, 'sandbox'))
  .get('/live/home', signedIn(), (c) => toHome(c, 'live'))

  .post('/sessions/:id/end', signedIn(), async (c) => {
    const { headers } = c.req.raw;
    const session = (await listSessions(c.var.auth, headers)).find(({ id }) => id === c.req.param('id'));
    if (session) await endSession(c.var.auth, headers, session.token);
    return c.redirect(wayBack(c), 303);
  })

  .post('/sessions/end-others', signedIn(), async (c) => {
    await endOtherSessions(c.var.auth, c.req.raw.headers);
    return c.redirect(wayBack(c), 303);
  })

  .post('/sign-out', signedIn(), async (c) => {
    await endSession(c.var.auth, c.req.raw.headers, c.var.signedIn.session.token);
    deleteCookie(c, SESSION_COOKIE, { path: '/', secure: true });
    return c.redirect('/app/sign-in', 303);
  });

/**
 * To the first screen of the workspace that was opened last in this browser, or of the first one by name. Who is in none
 * sees their invitations, or makes a workspace.
 */
async function toHome(c: Context<SignedInEnv>, mode: Mode) {
  const { directory } = c.var;
  const { id, email } = c.var.signedIn.person;
  const memberships = await listMemberships(directory, id);
  const last = getCookie(c, WORKSPACE_COOKIE);
  const chosen = memberships.find(({ organisation }) => organisation.id === last) ?? memberships[0];
  if (chosen) return c.redirect(pathIn(chosen.organisation.id, mode, 'home'), 303);
  const isInvited = (await listInvitationsTo(directory, email, Date.now())).length > 0;
  return c.redirect(isInvited ? '/app/invitations' : '/app/workspaces/new', 303);
}
