import { DEFAULT_SHARD } from '../core/ids.ts';
import { describeError, logLine } from '../core/log.ts';
import { openDatabase } from '../db/client.ts';
import { listReleased } from '../db/quarantine.ts';
import { applyReleased } from '../domain/stripe-events/apply-released.ts';
import type { Bindings, Config } from '../env.ts';
import { stripeEventIntake } from '../make-context.ts';
import { parseStripeEvent } from '../stripe/events.ts';

const AT_ONCE = 50;

/** Applies again what operators have released. What fails stays released and comes again in the next run. */
export async function releaseQuarantined(env: Bindings, config: Config): Promise<void> {
  const database = openDatabase(env.DB);
  const intake = stripeEventIntake(env, config, { database, shard: DEFAULT_SHARD, actor: 'cron', requestId: null });
  for (const released of await listReleased(database, AT_ONCE)) {
    const event = parseStripeEvent(released.body, released.stripeAccountId);
    await applyReleased(intake, released, event).catch((error) =>
      logLine('error', 'released event not applied', { id: released.id, error: describeError(error) }),
    );
  }
}
