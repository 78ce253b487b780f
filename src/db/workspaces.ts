import { and, eq, inArray, isNull, lte, ne, or, type Placeholder, sql } from 'drizzle-orm';
import { madeOnce } from '../core/made-once.ts';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { type Event, outboxIfChangedStatements, queuedIn } from './outbox.ts';
import { connectedAccounts, payments, workspaces } from './schema.ts';

export type Workspace = typeof workspaces.$inferSelect;
export type ConnectedAccount = typeof connectedAccounts.$inferSelect;

/** A workspace and its Stripe account. `account` null: the payment in question was made on an account that it no longer has. */
export interface AccountOwner {
  readonly workspace: Workspace;
  readonly account: ConnectedAccount | null;
}

/** Selects the workspace of a Stripe account of one mode, as a statement for a batch. `toAccountOwner` reads the row. */
export function ownerByAccountStatement(
  database: Database,
  account: string | Placeholder,
  livemode: boolean | Placeholder,
) {
  return database
    .select()
    .from(connectedAccounts)
    .innerJoin(workspaces, eq(workspaces.id, connectedAccounts.workspaceId))
    .where(and(eq(connectedAccounts.stripeAccountId, account), eq(connectedAccounts.livemode, livemode)))
    .limit(1);
}

/** Reads the rows of `ownerByAccountStatement`. */
export function toAccountOwner(
  rows: readonly { readonly workspaces: Workspace; readonly connected_accounts: ConnectedAccount }[],
): AccountOwner | null {
  const [row] = rows;
  return row ? { workspace: row.workspaces, account: row.connected_accounts } : null;
}

const byAccount = madeOnce((database: Database) =>
  ownerByAccountStatement(database, sql.placeholder('account'), sql.placeholder('livemode')).prepare(),
);

/** The workspace that a Stripe account of one mode belongs to, or null. */
export async function findWorkspaceByAccount(
  database: Database,
  account: string,
  livemode: boolean,
): Promise<AccountOwner | null> {
  return toAccountOwner(await byAccount(database).all({ account, livemode }));
}

/**
 * The workspace of the payment that a Stripe object names, if it was made on this account: refunds and disputes may come long
 * after the workspace was connected to another account.
 */
export async function findWorkspaceByPayment(
  database: Database,
  object: { readonly account: string; readonly livemode: boolean } & StripeNames,
): Promise<AccountOwner | null> {
  const isNamed = or(
    eq(payments.stripeSessionId, object.sessionId ?? NO_OBJECT),
    eq(payments.stripePaymentIntentId, object.paymentIntentId ?? NO_OBJECT),
  );
  const [row] = await database
    .select({ workspace: workspaces })
    .from(payments)
    .innerJoin(workspaces, eq(workspaces.id, payments.workspaceId))
    .where(
      and(
        isNamed,
        eq(payments.stripeAccountId, object.account),
        eq(workspaces.mode, object.livemode ? 'live' : 'sandbox'),
      ),
    )
    .limit(1);
  return row ? { workspace: row.workspace, account: null } : null;
}

/** The ids by which a Stripe object names a payment. */
export interface StripeNames {
  readonly sessionId: string | null;
  readonly paymentIntentId: string | null;
}

/** No Stripe object has this id. */
const NO_OBJECT = '';

/** A workspace with its connected account, or null. */
export async function findWorkspace(
  database: Database,
  workspaceId: string,
): Promise<{ workspace: Workspace; account: ConnectedAccount | null } | null> {
  const [row] = await database
    .select()
    .from(workspaces)
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, workspaces.id))
    .where(eq(workspaces.id, workspaceId))
    .limit(1);
  return row ? { workspace: row.workspaces, account: row.connected_accounts } : null;
}

/** A live workspace and its sandbox, by the pair's id or the id of either. Empty: none. For operators. */
export async function findPair(database: Database, id: string): Promise<Workspace[]> {
  const pairs = database.select({ pairId: workspaces.pairId }).from(workspaces).where(eq(workspaces.id, id));
  return await database
    .select()
    .from(workspaces)
    .where(or(eq(workspaces.pairId, id), inArray(workspaces.pairId, pairs)));
}

/** All workspaces with their accounts, oldest first. For operators; at most 1,000. */
export async function listWorkspaces(database: Database) {
  return await database
    .select()
    .from(workspaces)
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, workspaces.id))
    .orderBy(workspaces.createdAt, workspaces.pairId, workspaces.mode)
    .limit(1000);
}

/** Writes a live workspace and its sandbox in one batch. */
export async function insertPair(
  database: Database,
  pair: readonly [Workspace, Workspace],
  audits: readonly [AuditEntry, AuditEntry],
): Promise<void> {
  await database.batch([
    database.insert(workspaces).values([...pair]),
    auditStatement(database, audits[0]),
    auditStatement(database, audits[1]),
  ]);
}

/** Sets the status of both workspaces of a pair. */
export async function updatePairStatus(
  database: Database,
  pairId: string,
  status: Workspace['status'],
  now: number,
  audit: AuditEntry,
): Promise<void> {
  await database.batch([
    database.update(workspaces).set({ status, updatedAt: now }).where(eq(workspaces.pairId, pairId)),
    auditStatement(database, audit),
  ]);
}

/** Connects an account to a workspace; it replaces the one that the workspace had. */
export async function upsertAccount(database: Database, account: ConnectedAccount, audit: AuditEntry): Promise<void> {
  const { workspaceId, createdAt, ...changed } = account;
  await database.batch([
    database
      .insert(connectedAccounts)
      .values({ workspaceId, createdAt, ...changed })
      .onConflictDoUpdate({ target: connectedAccounts.workspaceId, set: changed }),
    auditStatement(database, audit),
  ]);
}

/** The workspace's account as it is stored now, or null. */
export async function findAccount(database: Database, workspaceId: string): Promise<ConnectedAccount | null> {
  const [row] = await database.select().from(connectedAccounts).where(eq(connectedAccounts.workspaceId, workspaceId));
  return row ?? null;
}

/**
 * Stores an account's state at Stripe, with the event about it, unless a newer state is stored or nothing changes. `isChange`:
 * something was written. `queued`: the ids of the event's deliveries.
 */
export async function updateAccountState(
  database: Database,
  { workspaceId, stripeAccountId }: Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId'>,
  state: Pick<ConnectedAccount, 'chargesEnabled' | 'detailsSubmitted' | 'disconnectedAt' | 'stateAsOf'>,
  audit: AuditEntry,
  event: Event,
): Promise<{ readonly isChange: boolean; readonly queued: string[] }> {
  const results = await database.batch([
    database
      .update(connectedAccounts)
      .set({ ...state, updatedAt: audit.at })
      .where(
        and(
          eq(connectedAccounts.workspaceId, workspaceId),
          // The workspace may have another account by now.
          eq(connectedAccounts.stripeAccountId, stripeAccountId),
          lte(connectedAccounts.stateAsOf, state.stateAsOf),
          isNull(connectedAccounts.disconnectedAt),
          // The same state reported again writes nothing, not even an audit entry.
          or(
            ne(connectedAccounts.chargesEnabled, state.chargesEnabled),
            ne(connectedAccounts.detailsSubmitted, state.detailsSubmitted),
            sql`${state.disconnectedAt} IS NOT NULL`,
          ),
        ),
      )
      .returning({ workspaceId: connectedAccounts.workspaceId }),
    auditIfChangedStatement(database, audit),
    ...outboxIfChangedStatements(database, event),
  ]);
  return { isChange: results[0].length > 0, queued: queuedIn(results) };
}
