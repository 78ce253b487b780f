import { auditIfChangedStatement } from '../../../db/audit-log.ts';
import type { Statement } from '../../../db/client.ts';
import type { Delivery } from '../../../db/outbox.ts';
import {
  afterPart,
  insertRestOfReplay,
  type ReplayPart,
  type ReplayRange,
  replayStatements,
} from '../../../db/replays.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';
import { readEnabledEndpoint } from '../queries.ts';

/** The events that a request asks to be sent again. */
export interface AskedReplay extends Pick<ReplayRange, 'since' | 'until'> {
  readonly status: Delivery['status'] | null;
}

/** How many parts of 5,000 events one request queues. The cron queues the others. */
const PARTS_IN_REQUEST = 4;

/** A function that says whether a request may queue one more part: true until it has queued as many as it may. */
export function partsInRequest(): () => boolean {
  let left = PARTS_IN_REQUEST;
  return () => --left > 0;
}

/**
 * Queues the events of a time range again for an endpoint; they may arrive in any order. Where these are very many, the
 * cron queues the rest (`queueRestOfReplays`). Returns how many deliveries this call queued. Throws `not_found`, also for
 * another workspace's endpoint, and `webhook_endpoint_disabled`.
 */
export async function replay(
  context: Context,
  {
    id,
    ...asked
  }: Omit<ReplayRange, 'now' | 'status'> & {
    readonly id: string;
    readonly status: Delivery['status'] | null;
  },
): Promise<number> {
  const endpoint = await readEnabledEndpoint(context, id);
  const audit = auditIfChangedStatement(context.database, auditOf(context, 'webhook_endpoint.replay', id));
  const alsoWritten = (part: ReplayPart) => (part.queued === 0 ? [audit] : []);
  const range = { ...asked, now: context.now() };
  const { queued, reached } = await queueReplay(context, endpoint, range, alsoWritten, partsInRequest());
  if (reached) await insertRestOfReplay(context.database, endpoint, range, reached);
  return queued;
}

/** What `queueReplay` has queued. */
interface Replayed {
  readonly queued: number;
  readonly parts: number;
  /** The last event of the parts that were queued. null: all parts were. */
  readonly reached: ReplayPart['after'];
}

/**
 * Queues a replay in parts of bounded size, one round trip for each, from `first` on. `alsoWritten`: further statements for
 * the batch of a part. `mayGoOn`: asked before each part but the first. If a part fails, the parts before it stay queued.
 */
export async function queueReplay(
  context: Context,
  endpoint: WebhookEndpoint,
  range: ReplayRange,
  alsoWritten: (part: ReplayPart) => readonly Statement[],
  mayGoOn: () => boolean,
  first: ReplayPart['after'] = null,
): Promise<Replayed> {
  let part: ReplayPart = { after: first, queued: 0 };
  let parts = 0;
  do {
    const [queued, woken, end] = await context.database.batch([
      ...replayStatements(context.database, endpoint, range, part),
      ...alsoWritten(part),
    ]);
    await context.wake(woken.map(({ id }) => id));
    part = afterPart(part, queued, end);
    parts++;
  } while (part.after !== null && mayGoOn());
  return { queued: part.queued, parts, reached: part.after };
}
