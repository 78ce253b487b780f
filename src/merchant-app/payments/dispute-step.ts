import type { Dispute } from '../../db/disputes.ts';

/**
 * What a dispute's entry in a timeline says. `answer`: the merchant must answer the bank. `wait`: the bank decides. `opened`: it
 * was opened, and is closed by now. `closed`: it is closed in another way than by `won` and `lost`.
 */
export type DisputeStep = 'answer' | 'wait' | 'opened' | 'won' | 'lost' | 'closed';

/** What the entry of a dispute says, by Stripe's status (docs.stripe.com/api/disputes/object). */
export function disputeStep({ status, closedAt }: Dispute, state: 'opened' | 'closed'): DisputeStep {
  if (state === 'opened') {
    if (closedAt !== null) return 'opened';
    return needsAnswer({ status, closedAt }) ? 'answer' : 'wait';
  }
  if (status === 'lost') return 'lost';
  return status === 'won' || status === 'warning_closed' ? 'won' : 'closed';
}

/** True where the bank waits for the merchant's answer. */
export function needsAnswer({ status, closedAt }: Pick<Dispute, 'status' | 'closedAt'>): boolean {
  return closedAt === null && (status === 'needs_response' || status === 'warning_needs_response');
}
