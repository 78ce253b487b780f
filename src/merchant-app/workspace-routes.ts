import { Hono } from 'hono';
import type { WorkspaceEnv } from './allowed-to.ts';
import { homeRoutes } from './home/routes.ts';
import { WORKSPACE_PATH } from './paths.ts';
import { signedIn } from './signed-in.ts';

/** Sees to it that somebody is signed in on every screen of a workspace, below /app; and the first of them. */
export const workspaceRoutes = new Hono<WorkspaceEnv>().use(`${WORKSPACE_PATH}/*`, signedIn()).route('/', homeRoutes);
