import { ApiError } from '../../core/errors.ts';
import { findPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import type { Context } from '../context.ts';

/** A payment link of this workspace. Throws `not_found`, the same for another workspace's. */
export async function readLink(context: Context, token: string): Promise<PaymentLink> {
  const link = await findPaymentLink(context.database, context.workspace.id, token);
  if (!link) throw new ApiError('not_found', 'No payment link with this id in your workspace.');
  return link;
}
