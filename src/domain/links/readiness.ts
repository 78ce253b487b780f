import { ApiError } from '../../core/errors.ts';
import { findPaymentLink, type LinkWithSeller, type PaymentLink } from '../../db/payment-links.ts';
import { type AccountRefusal, accountError, accountRefusal } from '../accounts/chargeable-account.ts';
import type { Context } from '../context.ts';

/** Why a payment link takes no payment. `suspended`: its workspace is. */
export type LinkRefusal = 'inactive' | 'expired' | 'suspended' | AccountRefusal | 'sold_out';

/**
 * Why a link takes no payment at `now` (unix ms), or null where it does. The first reason counts: the link's own state, its
 * workspace, its Stripe account, then `sold_out`. A form that a buyer has sent ignores `sold_out`: it may belong to one of the
 * payments, which only the link's gate can decide.
 */
export function linkRefusal({ link, workspace, account }: LinkWithSeller, now: number): LinkRefusal | null {
  const closed = closedReason(link, now);
  if (closed) return closed;
  if (workspace.status !== 'active') return 'suspended';
  return accountRefusal(account) ?? (link.soldOutAt === null ? null : 'sold_out');
}

/** The part of `linkRefusal` that the link itself decides: switched off, or expired at `now` (unix ms). */
export function closedReason(link: PaymentLink, now: number): 'inactive' | 'expired' | null {
  if (!link.active) return 'inactive';
  return link.expiresAt !== null && link.expiresAt <= now ? 'expired' : null;
}

/** The error for a request that wants a payment of such a link. */
export function linkRefusalError(refusal: LinkRefusal): ApiError {
  switch (refusal) {
    case 'inactive':
      return new ApiError('payment_link_inactive', 'This payment link is switched off and takes no new payments.');
    case 'expired':
      return new ApiError('payment_link_inactive', 'This payment link has expired and takes no new payments.');
    case 'suspended':
      return new ApiError('service_inactive', 'This workspace is suspended. Ask the operators of this service.');
    case 'account_missing':
    case 'account_not_ready':
      return accountError(refusal);
    case 'sold_out':
      return new ApiError('payment_link_sold_out', 'This payment link takes no more payments.');
  }
}

/** A payment link of this workspace. Throws `not_found`, the same for another workspace's. */
export async function readLink(context: Context, token: string): Promise<PaymentLink> {
  const link = await findPaymentLink(context.database, context.workspace.id, token);
  if (!link) throw new ApiError('not_found', 'No payment link with this id in your workspace.');
  return link;
}
