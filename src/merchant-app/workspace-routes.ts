import { Hono } from 'hono';
import { finishing, type WorkspaceEnv } from './allowed-to.ts';
import { homeRoutes } from './home/routes.ts';
import { WORKSPACE_PATH } from './paths.ts';
import { signedIn } from './sign-in/signed-in.ts';
import { closeRoutes } from './team/close-routes.ts';
import { memberRoutes } from './team/member-routes.ts';
import { teamRoutes } from './team/routes.ts';

/** The screens of a workspace, below /app. Somebody is signed in on each of them, and on those that are mounted after these. */
export const workspaceRoutes = new Hono<WorkspaceEnv>()
  .use(`${WORKSPACE_PATH}/*`, signedIn())
  .post(`${WORKSPACE_PATH}/finish`, finishing())
  .route('/', homeRoutes)
  .route('/', teamRoutes)
  .route('/', memberRoutes)
  .route('/', closeRoutes);
