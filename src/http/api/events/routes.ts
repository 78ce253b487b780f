import { Hono } from 'hono';
import type { ListedEvent } from '../../../db/event-lists.ts';
import { listWorkspaceEvents } from '../../../domain/webhooks/list-events.ts';
import { readEvent } from '../../../domain/webhooks/read-event.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { query } from '../../middleware/query.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { timeListAnswer } from '../paging.ts';
import { parseEventsQuery } from './parse-repair-queries.ts';

const READ = 'service.payments.webhooks.read';

/** `/events`: what has happened in a workspace, in the words of its webhooks. */
export const events = new Hono<ApiEnv>();

events.get('/', secretKey(), requireScope(READ), query(parseEventsQuery), admit(), async (c) => {
  const { filter, page } = c.var.query;
  return c.json(timeListAnswer(await listWorkspaceEvents(c.var.context, filter, page), page, presentEvent));
});

events.get('/:id', secretKey(), requireScope(READ), admit(), async (c) => {
  return c.json({ data: presentEvent(await readEvent(c.var.context, c.req.param('id'))) });
});

/** The envelope as every delivery sends it. */
function presentEvent({ body }: ListedEvent): unknown {
  return JSON.parse(body);
}
