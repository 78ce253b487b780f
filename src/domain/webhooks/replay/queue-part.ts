import type { Statement } from '../../../db/client.ts';
import { type Place, type ReplayRange, replayStatements } from '../../../db/replays.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { PlatformContext } from '../../context.ts';

/**
 * Queues one part of a replay in one round trip: the first 5,000 events of the range, or those after `after`. Returns how
 * many deliveries it queued. `first`, `last`: statements of the same batch before and after the one that writes deliveries.
 */
export async function queuePart(
  context: PlatformContext,
  endpoint: WebhookEndpoint,
  range: ReplayRange,
  after: Place | null,
  { first, last }: { readonly first: Statement; readonly last: readonly Statement[] },
): Promise<number> {
  const [queue, toWake] = replayStatements(context.database, endpoint, range, after);
  const [, queued, woken] = await context.database.batch([first, queue, toWake, ...last]);
  await context.wake(woken.map(({ id }) => id));
  return queued.meta.changes;
}
