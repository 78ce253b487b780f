import { erasePaymentsOfEmail } from '../../db/retention.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Takes a buyer's e-mail and all metadata out of their payments and the events about them; amounts and ids stay, as
 * bookkeeping needs them. Answers how many payments. E-mails are compared without regard to case.
 */
export async function eraseBuyer(context: Context, email: string): Promise<number> {
  const { database, workspace } = context;
  return await erasePaymentsOfEmail(database, workspace.id, email, auditOf(context, 'buyer.erase', 'payments'));
}
