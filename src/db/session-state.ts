import type { Database } from './client.ts';
import { type PaymentView, paymentBySessionStatement, toPaymentView } from './payments.ts';
import { type AccountOwner, ownerByAccountStatement, toAccountOwner } from './workspaces.ts';

/**
 * The workspace that a Stripe account of one mode belongs to, and the payment of a session that it names, in whatever workspace
 * that is: null where none is written. null: the account belongs to no workspace. One round trip. Not scoped: this finds the
 * scope.
 */
export async function findSessionOfAccount(
  database: Database,
  { account, livemode, stripeSessionId }: { account: string; livemode: boolean; stripeSessionId: string },
): Promise<{ readonly owner: AccountOwner; readonly payment: PaymentView | null } | null> {
  const [owners, [row]] = await database.batch([
    ownerByAccountStatement(database, account, livemode),
    paymentBySessionStatement(database, stripeSessionId),
  ]);
  const owner = toAccountOwner(owners);
  return owner && { owner, payment: row ? toPaymentView(row) : null };
}
