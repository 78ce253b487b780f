import { Hono } from 'hono';
import { listDeliveriesOfEvent } from '../../../db/event-deliveries.ts';
import { listEvents } from '../../../db/event-lists.ts';
import { readEvent } from '../../../domain/webhooks/queries.ts';
import { allowedTo, type WorkspaceEnv } from '../../allowed-to.ts';
import { WORKSPACE_PATH } from '../../paths.ts';
import { clockOf } from '../../time.ts';
import { viewOf } from '../frame.tsx';
import { askedEvents } from './event-filter.ts';
import { eventListPage, eventPage } from './event-pages.tsx';

const PATH = `${WORKSPACE_PATH}/developers/events`;

/** The list of events, and one event. */
export const eventRoutes = new Hono<WorkspaceEnv>()
  .get(PATH, allowedTo('read'), async (c) => {
    const { database, workspace } = c.var.context;
    const clock = clockOf(c);
    const asked = askedEvents(c.req.query(), clock);
    const { type, after, before, page } = asked;
    const events = await listEvents(database, workspace.id, { type, after, before, paymentId: null }, page);
    return c.html(eventListPage({ view: viewOf(c), clock, asked, events }));
  })

  .get(`${PATH}/:id`, allowedTo('read'), async (c) => {
    const { context } = c.var;
    const id = c.req.param('id');
    const [event, deliveries] = await Promise.all([
      readEvent(context, id),
      listDeliveriesOfEvent(context.database, context.workspace.id, id),
    ]);
    return c.html(eventPage({ view: viewOf(c), clock: clockOf(c), event, deliveries }));
  });
