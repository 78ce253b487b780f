import { erasePaymentsOfEmail } from '../../db/erasure.ts';
import { type AdminContext, adminAudit } from '../admin-context.ts';

/**
 * Takes a buyer's e-mail and all metadata out of their payments and the events that told of them; amounts and ids stay, as
 * bookkeeping needs them. Answers how many payments. E-mails are compared without regard to case.
 */
export async function eraseBuyer(context: AdminContext, workspaceId: string, email: string): Promise<number> {
  return await erasePaymentsOfEmail(
    context.database,
    workspaceId,
    email,
    adminAudit(context, workspaceId, 'buyer.erase', 'payments'),
  );
}
