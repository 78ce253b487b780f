import { Hono } from 'hono';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { pathOf, WORKSPACE_PATH } from '../paths.ts';
import { auditRoutes } from './audit-routes.ts';
import { businessRoutes } from './business-routes.ts';
import { stripeRoutes } from './stripe-routes.ts';
import { youRoutes } from './you-routes.ts';

/** The settings of a workspace, below /app. */
export const settingsRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/settings`, allowedTo('read'), (c) => c.redirect(pathOf(shellOf(c), 'settings/business'), 303))
  .route('/', businessRoutes)
  .route('/', stripeRoutes)
  .route('/', auditRoutes)
  .route('/', youRoutes);
