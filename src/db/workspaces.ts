import { and, eq, inArray, isNull, lte, ne, or, type Placeholder, sql } from 'drizzle-orm';
import { madeOnce } from '../core/made-once.ts';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { type Event, outboxIfChangedStatements, queuedIn } from './outbox.ts';
import { connectedAccounts, payments, workspaces } from './schema.ts';

export type Workspace = typeof workspaces.$inferSelect;
export type ConnectedAccount = typeof connectedAccounts.$inferSelect;

/** A workspace and its account. null: the workspace was found by a payment on an account that it no longer has. */
export interface AccountOwner {
  readonly workspace: Workspace;
  readonly account: ConnectedAccount | null;
}

/** A statement that selects the workspace of a Stripe account of one mode. `toAccountOwner` reads its rows. */
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

/** Reads the rows of `ownerByAccountStatement`. null: the account belongs to no workspace. */
export function toAccountOwner(
  rows: readonly { readonly workspaces: Workspace; readonly connected_accounts: ConnectedAccount }[],
): AccountOwner | null {
  const [row] = rows;
  return row ? { workspace: row.workspaces, account: row.connected_accounts } : null;
}

const byAccount = madeOnce((database: Database) =>
  ownerByAccountStatement(database, sql.placeholder('account'), sql.placeholder('livemode')).prepare(),
);

/** The workspace that a Stripe account of one mode belongs to. null: it belongs to none. */
export async function findWorkspaceByAccount(
  database: Database,
  account: string,
  livemode: boolean,
): Promise<AccountOwner | null> {
  return toAccountOwner(await byAccount(database).all({ account, livemode }));
}

/**
 * The workspace of the payment that a Stripe object names, if the payment was made on this account; else null. Refunds
 * and disputes may come long after the workspace was connected to another account.
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

/** The ids by which a Stripe object names a payment; null where it has none. */
export interface StripeNames {
  readonly sessionId: string | null;
  readonly paymentIntentId: string | null;
}

/** No Stripe object has this id. */
const NO_OBJECT = '';

/** A workspace with its connected account (null: none is connected). Returns null where there is no such workspace. */
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

/** A live workspace and its sandbox, by the id of one of them or of the pair. Empty: no such pair. For operators. */
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

/** Changes both workspaces of a pair. */
export async function updatePair(
  database: Database,
  pairId: string,
  changes: Partial<Pick<Workspace, 'name' | 'status'>>,
  audit: AuditEntry,
): Promise<void> {
  await database.batch([
    database
      .update(workspaces)
      .set({ ...changes, updatedAt: audit.at })
      .where(eq(workspaces.pairId, pairId)),
    auditStatement(database, audit),
  ]);
}

/** Connects a Stripe account to a workspace, in place of an account that the workspace had. */
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

/** The workspace's account as it is stored now. null: none is connected. */
export async function findAccount(database: Database, workspaceId: string): Promise<ConnectedAccount | null> {
  const [row] = await database.select().from(connectedAccounts).where(eq(connectedAccounts.workspaceId, workspaceId));
  return row ?? null;
}

/**
 * Stores an account's state at Stripe and the event about it. Writes nothing where a newer state is stored, nothing
 * would change, or the account is disconnected or no longer the workspace's. `isChange`: something was written.
 * `queued`: the ids of the event's deliveries.
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
