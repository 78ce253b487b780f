import { describeError, logLine } from '../../core/log.ts';
import { violatesConstraint } from '../../db/stripe-events.ts';

/**
 * What was done with something that Stripe reported. `foreign`: it belongs to no workspace. `refused`: it claims to belong to
 * this workspace and does not fit; nothing was written.
 */
export type SettleResult =
  | { readonly kind: 'applied' | 'unchanged' | 'foreign' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Runs a change and returns `refused` where a constraint of a table forbids it, because it would be forbidden every time; the
 * cause is logged. Throws every other failure, so that Stripe or the cron tries again.
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
