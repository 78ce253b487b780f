import { Hono } from 'hono';
import { allowedTo, type WorkspaceEnv } from '../allowed-to.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { eventRoutes } from './events/routes.ts';
import { developersPath, viewOf } from './frame.tsx';
import { publicKeyRoutes } from './keys/public-key-routes.ts';
import { secretKeyRoutes } from './keys/routes.ts';
import { requestRoutes } from './requests/routes.ts';
import { endpointActionRoutes } from './webhooks/action-routes.ts';
import { deliveryRoutes } from './webhooks/delivery-routes.ts';
import { endpointRoutes } from './webhooks/routes.ts';

/** The screens for developers, below /app, after the routes that see to it that somebody is signed in. */
export const developersRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/developers`, allowedTo('read'), (c) =>
    c.redirect(developersPath(viewOf(c).shell, 'keys'), 303),
  )
  .route('/', secretKeyRoutes)
  .route('/', publicKeyRoutes)
  .route('/', endpointRoutes)
  .route('/', endpointActionRoutes)
  .route('/', deliveryRoutes)
  .route('/', eventRoutes)
  .route('/', requestRoutes);
