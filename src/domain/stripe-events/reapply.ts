import { ApiError } from '../../core/errors.ts';
import { describeError, logLine } from '../../core/log.ts';
import { checkAgainStatement, paymentBySessionStatement } from '../../db/payments.ts';
import {
  deleteReleasedStatement,
  findQuarantined,
  keepQuarantined,
  listReleased,
  markReleased,
  type QuarantinedStripeEvent,
  releaseAgain,
} from '../../db/stripe-events.ts';
import { findWorkspaceByAccount } from '../../db/workspaces.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { QUARANTINED_SESSION_TYPE } from '../checkout/reconcile-sessions.ts';
import { auditOf, type JobContext, type PlatformContext, withWorkspace } from '../context.ts';
import { takeStripeEvent } from './take-event.ts';

const AT_ONCE = 50;
/** What one event costs at most. */
const EVENT_COST = { queries: 30, stripeCalls: 4 };

/** Reads a Stripe event from its stored JSON. null: it cannot be read. */
type ParseStripeEvent = (body: string, account: string) => StripeEvent | null;

/**
 * Handles again the quarantined Stripe events that operators have released. One that fails is tried again later, after
 * all others. What does not fit into the run's budget is handled by the next runs.
 */
export async function reapplyReleased(context: JobContext, parse: ParseStripeEvent): Promise<void> {
  const { database, budget } = context;
  for (const quarantined of await listReleased(database, AT_ONCE)) {
    const end = budget.isOver ? null : budget.begin(EVENT_COST);
    if (!end) return;
    const event = parse(quarantined.body, quarantined.stripeAccountId);
    try {
      await reapplyStripeEvent(context, { quarantined, event });
    } catch (error) {
      logLine('error', 'quarantined event not applied', { id: quarantined.id, error: describeError(error) });
      await releaseAgain(database, quarantined.id, context.now());
    }
    end();
  }
}

/**
 * Handles a Stripe event that an operator released from quarantine. An event that can be applied now is deleted from
 * the quarantine; any other stays there with the new reason, or moves to the quarantine of its workspace's shard.
 * `event`: parsed from the stored body; null: the body is unreadable. Repeatable. Throws StripeFailure or the database's
 * error if it must be tried again.
 */
async function reapplyStripeEvent(
  context: PlatformContext,
  { quarantined, event }: { readonly quarantined: QuarantinedStripeEvent; readonly event: StripeEvent | null },
): Promise<void> {
  const { database } = context;
  if (quarantined.type === QUARANTINED_SESSION_TYPE) return await checkSessionAgain(context, quarantined);
  if (!event) return await keepQuarantined(database, quarantined.id, 'unreadable');
  const taken = await takeStripeEvent(context, { event, body: quarantined.body });
  if (taken.kind === 'ignored') return await keepQuarantined(database, quarantined.id, 'not_ours');
  // Quarantined again in this shard, it is no longer released and stays. In another shard, it is there now.
  await deleteReleasedStatement(database, quarantined.id);
}

/** Makes a quarantined session due for the cron's check, which quarantines it again if it still does not fit. */
async function checkSessionAgain(context: PlatformContext, quarantined: QuarantinedStripeEvent): Promise<void> {
  const { database } = context;
  const [row] = await paymentBySessionStatement(database, quarantined.id);
  if (row?.payment.stripeAccountId !== quarantined.stripeAccountId) {
    return await keepQuarantined(database, quarantined.id, 'unknown_session');
  }
  await database.batch([
    checkAgainStatement(database, row.payment, context.now()),
    deleteReleasedStatement(database, quarantined.id),
  ]);
}

/** Lets the cron handle a quarantined Stripe event again. Returns its row before the release. Throws `not_found`. */
export async function requestReapply(context: PlatformContext, id: string): Promise<QuarantinedStripeEvent> {
  const found = await findQuarantined(context.database, id);
  if (!found) throw new ApiError('not_found', `No quarantined Stripe event has the id ${id}.`);
  const owner = await findWorkspaceByAccount(context.database, found.stripeAccountId, found.livemode);
  // '' where the account belongs to no workspace.
  const audited = withWorkspace(context, owner?.workspace.id ?? '');
  await markReleased(context.database, id, auditOf(audited, 'quarantine.release', id));
  return found;
}
