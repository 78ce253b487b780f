import { Hono } from 'hono';
import { toRfc3339 } from '../core/rfc3339.ts';
import { readKeyUses, readRecentRequests } from '../domain/workspaces/queries.ts';
import type { OperatorEnv } from './app-env.ts';
import { operator } from './middleware/operator.ts';

/** `/operators`: what only the Worker can read for operators, because it is in a Durable Object. */
export const operators = new Hono<OperatorEnv>();

operators.all('/workspaces/:id/requests', operator(), async (c) => {
  const requests = await readRecentRequests(c.var.context, c.req.param('id'));
  return c.json({ data: requests.map(presentRequest) });
});

operators.all('/workspaces/:id/key-uses', operator(), async (c) => {
  const uses = Object.entries(await readKeyUses(c.var.context, c.req.param('id')));
  const latestFirst = uses.toSorted(([, left], [, right]) => right - left);
  return c.json({ data: latestFirst.map(([keyId, at]) => ({ key_id: keyId, last_used_at: toRfc3339(at) })) });
});

type RecentRequest = Awaited<ReturnType<typeof readRecentRequests>>[number];

/** A request as operators see it. `status` and `code` are null until the gate of the workspace knows them. */
function presentRequest({ at, keyId, method, route, status, code, requestId }: RecentRequest) {
  return { at: toRfc3339(at), method, route, status, code, key_id: keyId, request_id: requestId };
}
