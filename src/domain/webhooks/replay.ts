import { auditIfChangedStatement } from '../../db/audit-log.ts';
import { queuedBy, type ReplayRange, replayStatements } from '../../db/replays.ts';
import { auditOf, type Context } from '../context.ts';
import { readEndpoint } from './read-endpoint.ts';
import { requireEnabled } from './require-enabled.ts';

/**
 * Sends an endpoint's events of a time again, in the order of their creation. Answers how many. Throws `not_found` for
 * another workspace's endpoint too, and `webhook_endpoint_disabled`.
 */
export async function replay(context: Context, endpointId: string, range: Omit<ReplayRange, 'now'>): Promise<number> {
  const endpoint = await readEndpoint(context, endpointId);
  requireEnabled(endpoint);
  const [queue, toWake] = replayStatements(context.database, endpoint, { ...range, now: context.now() });
  const audit = auditIfChangedStatement(context.database, auditOf(context, 'webhook_endpoint.replay', endpoint.id));
  const [queued, , woken] = await context.database.batch([queue, audit, toWake]);
  await context.wake(woken.map(({ id }) => id));
  return queuedBy(queued);
}
