import { Hono } from 'hono';
import { allowedTo, finishing, shellOf, type WorkspaceEnv } from './allowed-to.ts';
import { listSessions } from './auth.ts';
import { closeRoutes } from './close-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { homePage } from './pages/home.tsx';
import { listPasskeys } from './passkeys.ts';
import { WORKSPACE_PATH } from './paths.ts';
import { signedIn } from './signed-in.ts';
import { teamRoutes } from './team-routes.ts';

/** The screens of a workspace, below /app. */
export const workspaceRoutes = new Hono<WorkspaceEnv>()
  .use(`${WORKSPACE_PATH}/*`, signedIn())

  .get(`${WORKSPACE_PATH}/home`, allowedTo('read'), async (c) => {
    const { session } = c.var.signedIn;
    const { headers } = c.req.raw;
    const [sessions, passkeys] = await Promise.all([
      listSessions(c.var.auth, headers),
      listPasskeys(c.var.auth, headers),
    ]);
    const role = c.var.membership.role;
    return c.html(homePage({ shell: shellOf(c), role, current: session.id, sessions, passkeys }));
  })

  .post(`${WORKSPACE_PATH}/finish`, finishing())

  .route('/', teamRoutes)
  .route('/', memberRoutes)
  .route('/', closeRoutes);
