import { firstRowId, newPaymentLinkToken } from '../../core/ids.ts';
import { insertPaymentLink, type PaymentLink } from '../../db/payment-links.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

/** A link's content, checked by its door. Amounts in integer minor units; `amountMinor` null: the buyer enters it. */
export type CreateLink = Pick<
  PaymentLink,
  'kind' | 'title' | 'description' | 'currency' | 'amountMinor' | 'minAmountMinor' | 'showBusinessName'
>;

/** A new, active payment link of the workspace. */
export async function createLink(context: AdminContext, workspaceId: string, input: CreateLink): Promise<PaymentLink> {
  const token = newPaymentLinkToken(context.shard);
  const now = context.now();
  return await insertPaymentLink(
    context.database,
    {
      ...input,
      token,
      workspaceId,
      active: true,
      buttonColor: null,
      buttonTextColor: null,
      createdAt: now,
      updatedAt: now,
    },
    firstRowId(context.shard),
    adminAudit(context, workspaceId, 'payment_link.create', token),
  );
}
