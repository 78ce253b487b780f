import { Hono } from 'hono';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { listSessions } from '../sign-in/auth.ts';
import { listPasskeys } from '../sign-in/passkeys.ts';
import { clockOf } from '../time.ts';
import { youPage } from './you-page.tsx';

/** The page of the person who is signed in. */
export const youRoutes = new Hono<WorkspaceEnv>().get(
  `${WORKSPACE_PATH}/settings/you`,
  allowedTo('read'),
  async (c) => {
    const { auth, membership, signedIn } = c.var;
    const { headers } = c.req.raw;
    const [sessions, passkeys] = await Promise.all([listSessions(auth, headers), listPasskeys(auth, headers)]);
    const current = signedIn.session.id;
    return c.html(
      youPage({ shell: shellOf(c), clock: clockOf(c), role: membership.role, current, sessions, passkeys }),
    );
  },
);
