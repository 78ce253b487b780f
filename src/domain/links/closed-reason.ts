import type { PaymentLink } from '../../db/payment-links.ts';

/** Why a link takes no new payments at `now` (unix ms), or null while it does. Places are the gate's business. */
export function closedReason(link: PaymentLink, now: number): 'inactive' | 'expired' | null {
  if (!link.active) return 'inactive';
  return link.expiresAt !== null && link.expiresAt <= now ? 'expired' : null;
}
