import { ApiError } from '../../../core/errors.ts';
import { auditIfChangedStatement } from '../../../db/audit-log.ts';
import type { Delivery } from '../../../db/outbox.ts';
import type { ReplayRange } from '../../../db/replays.ts';
import { findToReplay, insertRestStatement, isRestStored, isRestTaken } from '../../../db/rests-of-replays.ts';
import { auditOf, type Context } from '../../context.ts';
import { endpointNotFound, requireEnabled } from '../queries.ts';
import { queuePart } from './queue-part.ts';

/** The events that a request asks to be sent again. */
export interface AskedReplay extends Pick<ReplayRange, 'since' | 'until' | 'unlessSentSince'> {
  readonly status: Delivery['status'] | null;
}

/**
 * Queues the events of a time range again for an endpoint; they may arrive in any order. Where these are more than 5,000,
 * the cron queues the rest (`queueRest`). `unlessSentSince`: when the form that asks for it was made, so that the form sent
 * twice sends its first 5,000 events once. Returns how many deliveries this call queued. Throws `not_found`, also for
 * another workspace's endpoint, `webhook_endpoint_disabled`, and `replay_in_progress` while an earlier rest waits.
 */
export async function replay(
  context: Context,
  { id, ...asked }: AskedReplay & { readonly id: string },
): Promise<number> {
  const { database, workspace } = context;
  const found = await findToReplay(database, { id, workspaceId: workspace.id });
  if (!found) throw endpointNotFound();
  const { endpoint, isReplaying } = found;
  requireEnabled(endpoint);
  if (isReplaying) throw inProgress(id);
  const range = { ...asked, unsentSince: null, now: context.now() };
  const audit = auditOf(context, 'webhook_endpoint.replay', id);
  return await queuePart(context, endpoint, range, null, {
    first: insertRestStatement(database, endpoint, range),
    last: [auditIfChangedStatement(database, audit, isRestStored(endpoint, range))],
  }).catch((error: unknown) => {
    throw isRestTaken(error) ? inProgress(id) : error;
  });
}

function inProgress(id: string): ApiError {
  return new ApiError(
    'replay_in_progress',
    `An earlier replay to the webhook endpoint ${id} is not all queued yet: up to 5,000 events are queued a minute. Try again later.`,
  );
}
