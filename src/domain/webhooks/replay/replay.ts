import { auditIfChangedStatement } from '../../../db/audit-log.ts';
import type { Statement } from '../../../db/client.ts';
import { afterPart, type ReplayPart, type ReplayRange, replayStatements } from '../../../db/replays.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';
import { readEnabledEndpoint } from '../queries.ts';

/**
 * Queues the events of a time range again for an endpoint; they may arrive in any order. Returns how many were queued.
 * Throws `not_found`, also for another workspace's endpoint, and `webhook_endpoint_disabled`.
 */
export async function replay(
  context: Context,
  { id, ...range }: Omit<ReplayRange, 'now'> & { readonly id: string },
): Promise<number> {
  const endpoint = await readEnabledEndpoint(context, id);
  const audit = auditIfChangedStatement(context.database, auditOf(context, 'webhook_endpoint.replay', id));
  const alsoWritten = (part: ReplayPart) => (part.queued === 0 ? [audit] : []);
  const { queued } = await queueReplay(context, endpoint, { ...range, now: context.now() }, alsoWritten);
  return queued;
}

/**
 * Queues a replay in parts of bounded size, one round trip for each. Returns the numbers of deliveries and of parts.
 * `alsoWritten`: further statements for the batch of a part. If a part fails, the parts before it stay queued.
 */
export async function queueReplay(
  context: Context,
  endpoint: WebhookEndpoint,
  range: ReplayRange,
  alsoWritten: (part: ReplayPart) => readonly Statement[],
): Promise<{ readonly queued: number; readonly parts: number }> {
  let part: ReplayPart = { after: null, queued: 0 };
  let parts = 0;
  do {
    const [queued, woken, end] = await context.database.batch([
      ...replayStatements(context.database, endpoint, range, part),
      ...alsoWritten(part),
    ]);
    await context.wake(woken.map(({ id }) => id));
    part = afterPart(part, queued, end);
    parts++;
  } while (part.after !== null);
  return { queued: part.queued, parts };
}
