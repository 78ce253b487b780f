import { Hono } from 'hono';
import { allowedTo, type WorkspaceEnv } from '../allowed-to.ts';
import { pathIn, WORKSPACE_PATH } from '../paths.ts';
import { auditRoutes } from './audit-routes.ts';
import { businessRoutes } from './business-routes.ts';
import { stripeRoutes } from './stripe-routes.ts';
import { youRoutes } from './you-routes.ts';

/** The settings of a workspace, below /app. */
export const settingsRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/settings`, allowedTo('read'), (c) => {
    const { membership, context } = c.var;
    return c.redirect(pathIn(membership.organisation.id, context.workspace.mode, 'settings/business'), 303);
  })
  .route('/', businessRoutes)
  .route('/', stripeRoutes)
  .route('/', auditRoutes)
  .route('/', youRoutes);
