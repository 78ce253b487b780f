import { erasePaymentsOfEmail } from '../../db/retention.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Erases a buyer's e-mail and all metadata from their payments and the events about them; amounts and ids stay, because
 * bookkeeping needs them. Returns the number of payments. E-mails are compared without regard to case.
 */
export async function eraseBuyer(context: Context, email: string): Promise<number> {
  const { database, workspace } = context;
  return await erasePaymentsOfEmail(database, workspace.id, email, auditOf(context, 'buyer.erase', 'payments'));
}
