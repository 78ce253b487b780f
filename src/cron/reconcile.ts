import pMap from 'p-map';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { listDuePayments, type Payment } from '../db/payments.ts';
import { findWorkspace } from '../db/workspaces.ts';
import { putOffNextLook, reconcileSession } from '../domain/checkout/reconcile-sessions.ts';
import type { Bindings, Config } from '../env.ts';
import { workspaceContext } from '../workspace-context.ts';

const AT_ONCE = 100;
/** A run goes on until nothing is due, or the next minute's run is near. */
const RUN_MS = 45_000;
const IN_FLIGHT = 6;

/** Reads the sessions that are due again from Stripe. One that fails does not hold up the others. */
export async function reconcile(env: Bindings, config: Config): Promise<void> {
  const database = openDatabase(env.DB);
  const endsAt = Date.now() + RUN_MS;
  let due: readonly Payment[];
  do {
    due = await listDuePayments(database, Date.now(), AT_ONCE);
    await pMap(due, (payment) => reconcileOne(env, config, payment), { concurrency: IN_FLIGHT });
  } while (due.length === AT_ONCE && Date.now() < endsAt);
}

async function reconcileOne(env: Bindings, config: Config, payment: Payment): Promise<void> {
  try {
    const database = openDatabase(env.DB);
    await putOffNextLook(database, payment, Date.now());
    const owner = await findWorkspace(database, payment.workspaceId);
    if (!owner) return;
    const context = workspaceContext(env, config, {
      database,
      shard: DEFAULT_SHARD,
      ...owner,
      actor: 'cron',
      requestId: null,
    });
    await reconcileSession(context, payment);
  } catch (error) {
    logLine('error', 'session not reconciled', { payment: payment.id, error: describeError(error) });
  }
}
