import pMap from 'p-map';
import { describeError, logLine } from '../core/log.ts';
import { listDuePayments, type Payment, restoreChecks } from '../db/payments.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { putOffNextCheck, reconcileSessions } from '../domain/checkout/reconcile-sessions.ts';
import { inWorkspace, type PlatformContext } from '../domain/context.ts';

const AT_ONCE = 200;
/** A run ends when nothing is due, or after this time (ms), shortly before the next one begins. */
const RUN_MS = 45_000;
const IN_FLIGHT = 6;

/**
 * Reads the sessions that are due from Stripe and settles them, account by account. An account that fails does not delay the
 * others. Sessions that are not begun before the end of the run stay due as they were.
 */
export async function reconcile(context: PlatformContext): Promise<void> {
  const { database } = context;
  const endsAt = context.now() + RUN_MS;
  let due: readonly Payment[];
  do {
    due = await listDuePayments(database, context.now(), AT_ONCE);
    if (due.length === 0) return;
    await putOffNextCheck(context, due);
    const byAccount = Map.groupBy(due, (payment) => `${payment.workspaceId} ${payment.stripeAccountId}`);
    const left = await pMap(byAccount.values(), (sessions) => reconcileAccount(context, sessions, endsAt), {
      concurrency: IN_FLIGHT,
    });
    if (left.some((sessions) => sessions.length > 0)) await restoreChecks(database, left.flat());
  } while (due.length === AT_ONCE && context.now() < endsAt);
}

/** `due`: sessions of one workspace and account. Returns those that were not begun. */
async function reconcileAccount(
  context: PlatformContext,
  due: readonly Payment[],
  endsAt: number,
): Promise<readonly Payment[]> {
  const [first] = due;
  if (!first || context.now() >= endsAt) return due;
  try {
    const owner = await findWorkspace(context.database, first.workspaceId);
    return owner ? await reconcileSessions(inWorkspace(context, owner), { due, endsAt }) : [];
  } catch (error) {
    const { stripeAccountId: account } = first;
    logLine('error', 'sessions not reconciled', { account, sessions: due.length, error: describeError(error) });
    return [];
  }
}
