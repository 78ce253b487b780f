import { ApiError } from '../../core/errors.ts';
import { checkAgainStatement, paymentBySessionStatement } from '../../db/payments.ts';
import {
  deleteReleasedStatement,
  findQuarantined,
  keepQuarantined,
  markReleased,
  type QuarantinedStripeEvent,
} from '../../db/stripe-events.ts';
import { findWorkspaceByAccount } from '../../db/workspaces.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { QUARANTINED_SESSION_TYPE } from '../checkout/reconcile-sessions.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../context.ts';
import { takeStripeEvent } from './take-event.ts';

/**
 * Handles a released event like any Stripe event: where it fits now it leaves the quarantine, otherwise it stays there with the
 * new reason. `event`: read from its body; null: the body cannot be read. Repeatable. Throws StripeFailure or the database's
 * error where it must be tried again.
 */
export async function reapplyStripeEvent(
  context: PlatformContext,
  { quarantined, event }: { readonly quarantined: QuarantinedStripeEvent; readonly event: StripeEvent | null },
): Promise<void> {
  const { database } = context;
  if (quarantined.type === QUARANTINED_SESSION_TYPE) return await checkSessionAgain(context, quarantined);
  if (!event) return await keepQuarantined(database, quarantined.id, 'unreadable');
  const taken = await takeStripeEvent(context, { event, body: quarantined.body });
  if (taken.kind === 'applied' || taken.kind === 'unchanged') await deleteReleasedStatement(database, quarantined.id);
  if (taken.kind === 'ignored') await keepQuarantined(database, quarantined.id, 'not_ours');
}

/** Makes the check of a session due that the cron has quarantined: it is quarantined again if it still does not fit. */
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

/** Releases a quarantined Stripe event, so that the cron handles it again. Returns it as it was. Throws `not_found`. */
export async function requestReapply(context: PlatformContext, id: string): Promise<QuarantinedStripeEvent> {
  const found = await findQuarantined(context.database, id);
  if (!found) throw new ApiError('not_found', `No quarantined Stripe event has the id ${id}.`);
  const owner = await findWorkspaceByAccount(context.database, found.stripeAccountId, found.livemode);
  // '' where the account belongs to no workspace.
  const audited = withWorkspace(context, owner?.workspace.id ?? '');
  await markReleased(context.database, id, auditOf(audited, 'quarantine.release', id));
  return found;
}
