import { ApiError } from '../../core/errors.ts';
import { findLinkWithSeller, findPaymentLink, type LinkWithSeller, type PaymentLink } from '../../db/payment-links.ts';
import { type AccountRefusal, accountError, accountRefusal } from '../accounts/chargeable-account.ts';
import type { Context } from '../context.ts';

/** Why a payment link takes no payment. `suspended`: the link's workspace is suspended. */
export type LinkRefusal = 'inactive' | 'expired' | 'suspended' | AccountRefusal | 'sold_out';

/**
 * Why a link takes no payment at `now` (unix ms), or null if it takes one. Returns the first reason: the link's own
 * state, its workspace, its Stripe account, then `sold_out`. Ignore `sold_out` for a form that a buyer has sent: the
 * form may have a place already, which only the link's gate knows.
 */
export function linkRefusal(
  { link, workspace, account }: Omit<LinkWithSeller, 'profile'>,
  now: number,
): LinkRefusal | null {
  const closed = closedReason(link, now);
  if (closed) return closed;
  if (workspace.status !== 'active') return 'suspended';
  return accountRefusal(account) ?? (link.soldOutAt === null ? null : 'sold_out');
}

/** Why the link itself takes no payment at `now` (unix ms): it is switched off or expired. null: it is neither. */
export function closedReason(link: PaymentLink, now: number): 'inactive' | 'expired' | null {
  if (!link.active) return 'inactive';
  return link.expiresAt !== null && link.expiresAt <= now ? 'expired' : null;
}

/** The error for a request to pay a link that takes no payment. */
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

/** A payment link of this workspace. Throws `not_found`, also for another workspace's link. */
export async function readLink(context: Context, token: string): Promise<PaymentLink> {
  const link = await findPaymentLink(context.database, context.workspace.id, token);
  if (!link) throw noSuchLink();
  return link;
}

/** Like `readLink`, but with the link's seller, in one read. */
export async function readLinkWithSeller({ database, workspace }: Context, token: string): Promise<LinkWithSeller> {
  const found = await findLinkWithSeller(database, token);
  if (found?.workspace.id !== workspace.id) throw noSuchLink();
  return found;
}

function noSuchLink(): ApiError {
  return new ApiError('not_found', 'No payment link with this id in your workspace.');
}
