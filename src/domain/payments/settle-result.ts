import { describeError, logLine } from '../../core/log.ts';
import { violatesConstraint } from '../../db/stripe-events.ts';

/**
 * What became of something Stripe says. `foreign`: it belongs to no workspace of this product. `refused`: it claims to
 * belong to this workspace and does not fit; nothing was written.
 */
export type SettleResult =
  | { readonly kind: 'applied' | 'unchanged' | 'foreign' }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Runs a change and answers `refused` where a rule of the tables forbids it, because it will be forbidden however often
 * Stripe repeats it; the cause is in the log. Throws every other failure, so that Stripe or the cron tries again.
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
