import { describeError, logLine } from '../../core/log.ts';
import { violatesConstraint } from '../../db/stripe-events.ts';

/**
 * What was done with an object that Stripe reported. `unchanged`: there was nothing new. `foreign`: the object is not
 * ours. `refused`: the object seems to be ours, but does not fit what is stored.
 */
export type SettleResult =
  | { readonly kind: 'applied' | 'unchanged' | 'foreign' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Runs a change. If a constraint of a table forbids it, logs the cause and returns `refused`, because a repetition
 * would fail too. Throws every other failure, so that Stripe or the cron tries again.
 */
export async function refusingViolations(change: () => Promise<SettleResult>): Promise<SettleResult> {
  try {
    return await change();
  } catch (error) {
    if (!violatesConstraint(error)) throw error;
    logLine('error', 'refused by the database', { error: describeError(error) });
    return { kind: 'refused', reason: 'constraint' };
  }
}
