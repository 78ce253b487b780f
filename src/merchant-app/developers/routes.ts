import { Hono } from 'hono';
import { allowedTo, type WorkspaceEnv } from '../allowed-to.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { respondFault } from './faults.tsx';
import { developersPath } from './frame.tsx';
import { publicKeyRoutes } from './keys/public-key-routes.ts';
import { secretKeyRoutes } from './keys/routes.ts';
import { viewOf } from './view.ts';

/** The screens for developers, below /app, after the routes that see to it that somebody is signed in. */
export const developersRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/developers`, allowedTo('read'), (c) =>
    c.redirect(developersPath(viewOf(c).shell, 'keys'), 303),
  )
  .route('/', secretKeyRoutes)
  .route('/', publicKeyRoutes)
  .onError(respondFault);
