import { Hono } from 'hono';
import { listEvents } from '../../../db/event-lists.ts';
import { readEvent } from '../../../domain/webhooks/queries.ts';
import type { ApiEnv } from '../../app-env.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { validQuery } from '../../middleware/validate.ts';
import { textId } from '../fields.ts';
import { listAnswer } from '../paging.ts';
import { listEventsQuery } from './requests.ts';
import { presentEvent } from './responses.ts';

const READ = 'service.payments.webhooks.read';

/** `/events`: the events of a workspace, with the same JSON that its webhooks send. */
export const events = new Hono<ApiEnv>();

events.get('/', secretKey(READ), validQuery(listEventsQuery), async (c) => {
  const { database, workspace } = c.var.context;
  const { filter, page } = c.req.valid('query');
  return c.json(listAnswer(await listEvents(database, workspace.id, filter, page), page, presentEvent));
});

events.get('/:id', secretKey(READ), textId, async (c) => {
  return c.json({ data: presentEvent(await readEvent(c.var.context, c.req.valid('param').id)) });
});
