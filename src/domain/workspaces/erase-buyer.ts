import { canonicalEmail } from '../../core/email.ts';
import { erasePaymentsOfEmail } from '../../db/retention.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Erases a buyer's e-mail address and all metadata from the buyer's payments, and the address from the events about
 * them. Amounts and ids stay for bookkeeping. Returns the number of payments. Ignores the case of addresses.
 */
export async function eraseBuyer(context: Context, email: string): Promise<number> {
  const { database, workspace } = context;
  return await erasePaymentsOfEmail(
    database,
    workspace.id,
    canonicalEmail(email),
    auditOf(context, 'buyer.erase', 'payments'),
    email,
  );
}
