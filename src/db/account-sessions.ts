import { sql } from 'drizzle-orm';
import { type DirectoryEntry, directoryEntryStatement } from './account-directory.ts';
import type { Database } from './client.ts';
import { type PaymentView, paymentBySessionStatement, selectPaymentView, toPaymentView } from './payments.ts';
import { payments } from './schema.ts';
import { type AccountOwner, ownerByAccountStatement, toAccountOwner } from './workspaces.ts';

/** What a Stripe event names. `stripeSessionId` null: it is about no Checkout session. */
export interface NamedByEvent {
  readonly account: string;
  readonly livemode: boolean;
  readonly stripeSessionId: string | null;
}

/** The workspace of an account, and the payment of a session. `payment` may be of another workspace. */
export interface SessionOfAccount {
  readonly owner: AccountOwner;
  /** null: none is stored. undefined: no session was named. */
  readonly payment: PaymentView | null | undefined;
}

/**
 * The workspace in one shard that a Stripe account of one mode belongs to, and the payment of a Stripe session, in one
 * round trip. Returns null where the account belongs to no workspace of this shard.
 */
export async function findSessionOfAccount(database: Database, named: NamedByEvent): Promise<SessionOfAccount | null> {
  const [owners, rows] = await database.batch([
    ownerByAccountStatement(database, named.account, named.livemode),
    paymentBySessionStatement(database, named.stripeSessionId ?? NO_SESSION),
  ]);
  return toSessionOfAccount(named, owners, rows);
}

/**
 * The entry of a Stripe account in the directory. In the same round trip, `first` is read: what `findSessionOfAccount`
 * returns for the first shard.
 */
export async function findInDirectory(
  directory: Database,
  named: NamedByEvent,
): Promise<{ readonly entry: DirectoryEntry | null; readonly first: SessionOfAccount | null }> {
  const { account: stripeAccountId, livemode } = named;
  const [[entry], owners, rows] = await directory.batch([
    directoryEntryStatement(directory, { stripeAccountId, livemode }),
    ownerByAccountStatement(directory, stripeAccountId, livemode),
    paymentBySessionStatement(directory, named.stripeSessionId ?? NO_SESSION),
  ]);
  return { entry: entry ?? null, first: toSessionOfAccount(named, owners, rows) };
}

/** No Stripe session has this id. */
const NO_SESSION = '';

function toSessionOfAccount(
  { stripeSessionId }: NamedByEvent,
  owners: Parameters<typeof toAccountOwner>[0],
  [row]: readonly Parameters<typeof toPaymentView>[0][],
): SessionOfAccount | null {
  const owner = toAccountOwner(owners);
  if (!owner) return null;
  if (stripeSessionId === null) return { owner, payment: undefined };
  return { owner, payment: row ? toPaymentView(row) : null };
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
