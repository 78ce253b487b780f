import { ApiError } from '../../core/errors.ts';
import { findPayment, type PaymentView } from '../../db/payments.ts';
import type { Context } from '../context.ts';

/** A checkout session of this workspace. Throws `not_found`, the same for another workspace's. */
export async function readSession(context: Context, id: number | null): Promise<PaymentView> {
  const session = id === null ? null : await findPayment(context.database, context.workspace.id, id);
  if (!session) throw new ApiError('not_found', 'No checkout session with this id in your workspace.');
  return session;
}
