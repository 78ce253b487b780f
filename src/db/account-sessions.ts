import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { type PaymentView, paymentBySessionStatement, selectPaymentView, toPaymentView } from './payments.ts';
import { payments } from './schema.ts';
import { type AccountOwner, ownerByAccountStatement, toAccountOwner } from './workspaces.ts';

/**
 * The workspace that a Stripe account of one mode belongs to, and the payment of a Stripe session, in one round trip.
 * Returns null where the account belongs to no workspace. `payment` may be of another workspace; null where none is
 * stored.
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

/** The workspace of a Stripe account, and payments by the id of their Stripe session; null: none is stored. */
export interface SessionsOfAccount {
  readonly owner: AccountOwner;
  readonly payments: Map<string, PaymentView | null>;
}

/** Like `findSessionOfAccount`, but for many sessions, in one round trip of two statements. */
export async function findSessionsOfAccount(
  database: Database,
  account: { readonly account: string; readonly livemode: boolean },
  stripeSessionIds: readonly string[],
): Promise<SessionsOfAccount | null> {
  const isNamed = sql`${payments.stripeSessionId} IN (SELECT value FROM json_each(${JSON.stringify(stripeSessionIds)}))`;
  const [owners, rows] = await database.batch([
    ownerByAccountStatement(database, account.account, account.livemode),
    selectPaymentView(database).where(isNamed),
  ]);
  const owner = toAccountOwner(owners);
  if (!owner) return null;
  const stored = new Map<string, PaymentView | null>(stripeSessionIds.map((id) => [id, null]));
  for (const row of rows) stored.set(row.payment.stripeSessionId, toPaymentView(row));
  return { owner, payments: stored };
}
