import { Hono } from 'hono';
import { readDelivery } from '../../../domain/webhooks/queries.ts';
import { redeliver } from '../../../domain/webhooks/replay/redeliver.ts';
import { allowedTo, mayHere, type WorkspaceEnv } from '../../allowed-to.ts';
import { madeAt, readForm } from '../../form.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { developersPath, viewOf } from '../frame.tsx';
import { deliveryPage } from './delivery-page.tsx';

const PATH = `${WORKSPACE_PATH}/developers/deliveries/:id`;

/** One delivery, and sending it again. */
export const deliveryRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const found = await readDelivery(c.var.context, c.req.param('id'));
    return c.html(deliveryPage({ view: viewOf(c), clock: clockOf(c), found, mayWrite: mayHere(c, 'webhooks.write') }));
  })

  .post(`${PATH}/redeliver`, allowedTo('webhooks.write'), async (c) => {
    const since = madeAt(await readForm(c));
    const { id } = await redeliver(c.var.context, c.req.param('id'), since);
    return c.redirect(developersPath(viewOf(c).shell, `deliveries/${id}`), 303);
  });
