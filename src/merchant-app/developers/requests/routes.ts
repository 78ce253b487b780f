import { Hono } from 'hono';
import { readNamedRequests } from '../../../domain/keys/queries.ts';
import { allowedTo, type WorkspaceEnv } from '../../allowed-to.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { viewOf } from '../frame.tsx';
import { requestListPage } from './request-list-page.tsx';

/** The last requests with secret keys. */
export const requestRoutes = new Hono<WorkspaceEnv>().get(
  `${WORKSPACE_PATH}/developers/requests`,
  allowedTo('read'),
  async (c) => {
    const requests = await readNamedRequests(c.var.context);
    return c.html(requestListPage({ view: viewOf(c), clock: clockOf(c), requests }));
  },
);
