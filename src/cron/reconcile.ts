import pMap from 'p-map';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { listDuePayments, type Payment, restoreChecks } from '../db/payments.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { putOffNextLook, reconcileSessions } from '../domain/checkout/reconcile-sessions.ts';
import type { Bindings, Config } from '../env.ts';
import { workspaceContext } from '../make-context.ts';

const AT_ONCE = 200;
/** A run goes on until nothing is due, or the next minute's run is near. */
const RUN_MS = 45_000;
const IN_FLIGHT = 6;

/**
 * Reads the sessions that are due again from Stripe, by account. An account that fails does not hold up the others. What is
 * not reached before the run's end stays due as it was.
 */
export async function reconcile(env: Bindings, config: Config): Promise<void> {
  const database = openDatabase(env.DB);
  const endsAt = Date.now() + RUN_MS;
  let due: readonly Payment[];
  do {
    due = await listDuePayments(database, Date.now(), AT_ONCE);
    if (due.length === 0) return;
    await putOffNextLook(database, due, Date.now());
    const byAccount = Map.groupBy(due, (payment) => `${payment.workspaceId} ${payment.stripeAccountId}`);
    const left = await pMap(byAccount.values(), (ofAccount) => reconcileAccount(env, config, ofAccount, endsAt), {
      concurrency: IN_FLIGHT,
    });
    if (left.some((ofAccount) => ofAccount.length > 0)) await restoreChecks(database, left.flat());
  } while (due.length === AT_ONCE && Date.now() < endsAt);
}

/** `due`: sessions of one workspace and account. Answers those that were not begun. */
async function reconcileAccount(
  env: Bindings,
  config: Config,
  due: readonly Payment[],
  endsAt: number,
): Promise<readonly Payment[]> {
  const [first] = due;
  if (!first || Date.now() >= endsAt) return due;
  try {
    const database = openDatabase(env.DB);
    const owner = await findWorkspace(database, first.workspaceId);
    if (!owner) return [];
    const of = { database, shard: DEFAULT_SHARD, ...owner, actor: 'cron', requestId: null };
    return await reconcileSessions(workspaceContext(env, config, of), due, endsAt);
  } catch (error) {
    const { stripeAccountId: account } = first;
    logLine('error', 'sessions not reconciled', { account, sessions: due.length, error: describeError(error) });
    return [];
  }
}
