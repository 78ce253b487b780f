import { canonicalEmail } from '../../core/email.ts';
import { DEFAULT_SHARD } from '../../core/ids.ts';
import { type ErasedRows, erasePaymentsOfEmail, eraseQuarantinedInDirectory } from '../../db/retention.ts';
import { auditOf, type Context } from '../context.ts';

/**
 * Erases a buyer's e-mail address and all metadata from the buyer's payments, and the address from the events about
 * them. Amounts and ids stay for bookkeeping. Returns how many rows of each kind were changed. Ignores the case of addresses.
 */
export async function eraseBuyer(context: Context, email: string): Promise<ErasedRows> {
  const { database, directory, workspace, shard } = context;
  const canonical = canonicalEmail(email);
  const audit = auditOf(context, 'buyer.erase', 'payments');
  const erased = await erasePaymentsOfEmail(database, workspace.id, canonical, audit, email);
  if (shard === DEFAULT_SHARD) return erased;
  const buyer = { workspaceId: workspace.id, email: canonical, written: email };
  return { ...erased, quarantined: erased.quarantined + (await eraseQuarantinedInDirectory(directory, buyer)) };
}
