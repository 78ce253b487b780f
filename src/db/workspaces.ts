import { and, eq, inArray, or, type Placeholder, sql } from 'drizzle-orm';
import type { Mode } from '../core/api-keys.ts';
import { madeOnce } from '../core/made-once.ts';
import { deleteCopyStatement, keepCopyStatement } from './account-directory.ts';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
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

/** The workspaces with these ids, each with its connected account, by the workspace's id. One round trip. */
export async function findWorkspaces(database: Database, ids: readonly string[]): Promise<Map<string, AccountOwner>> {
  const rows = await database
    .select()
    .from(workspaces)
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, workspaces.id))
    .where(sql`${workspaces.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  return new Map(
    rows.map((row) => [row.workspaces.id, { workspace: row.workspaces, account: row.connected_accounts }]),
  );
}

/** A live workspace and its sandbox, by the id of one of them or of the pair. Empty: no such pair. For operators. */
export async function findPair(database: Database, id: string): Promise<Workspace[]> {
  const pairs = database.select({ pairId: workspaces.pairId }).from(workspaces).where(eq(workspaces.id, id));
  return await database
    .select()
    .from(workspaces)
    .where(or(eq(workspaces.pairId, id), inArray(workspaces.pairId, pairs)));
}

/** A workspace's place in the list of all, in which the two of a pair are next to each other. */
export type WorkspacePlace = Pick<Workspace, 'createdAt' | 'pairId' | 'mode'>;

/** Workspaces with their accounts, oldest first, from behind a place on (null: from the first on). For operators. */
export async function listWorkspaces(database: Database, after: WorkspacePlace | null, limit: number) {
  const { createdAt, pairId, mode } = workspaces;
  const isAfter =
    after && sql`(${createdAt}, ${pairId}, ${mode}) > (${after.createdAt}, ${after.pairId}, ${after.mode})`;
  return await database
    .select()
    .from(workspaces)
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, workspaces.id))
    .where(isAfter ?? undefined)
    .orderBy(createdAt, pairId, mode)
    .limit(limit);
}

/** A workspace to insert, with the audit entry about that. */
export interface NewWorkspace {
  readonly workspace: Workspace;
  readonly audit: AuditEntry;
}

/**
 * Writes a live workspace and its sandbox in one batch. One that is there already stays as it is, and gets no audit
 * entry.
 */
export async function insertPair(database: Database, pair: Readonly<Record<Mode, NewWorkspace>>): Promise<void> {
  const insert = ({ workspace }: NewWorkspace) =>
    database.insert(workspaces).values(workspace).onConflictDoNothing({ target: workspaces.id });
  await database.batch([
    insert(pair.live),
    auditIfChangedStatement(database, pair.live.audit),
    insert(pair.sandbox),
    auditIfChangedStatement(database, pair.sandbox.audit),
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

/** Which account a new one takes the place of. `isLost`: Stripe gives no access to that one. */
export interface MadeAccount {
  readonly inPlaceOf: string | null;
  readonly isLost: boolean;
}

/**
 * Connects a Stripe account to a workspace, in place of an account that the workspace had, and keeps a copy of its
 * directory entry in the shard of the audit entry. `made`: only in place of that account, and only while it cannot charge or
 * is lost. Returns false where that was not so, and nothing was written.
 */
export async function upsertAccount(
  database: Database,
  account: ConnectedAccount,
  audit: AuditEntry,
  made?: MadeAccount,
): Promise<boolean> {
  const { workspaceId, createdAt, ...changed } = account;
  const { stripeAccountId, createdAt: connectedSince, chargesEnabled, cards, disconnectedAt } = connectedAccounts;
  const isSame = eq(stripeAccountId, account.stripeAccountId);
  const canCharge = sql`${chargesEnabled} AND ifnull(${cards}, 'active') = 'active' AND ${disconnectedAt} IS NULL`;
  const isReplaced = made && eq(stripeAccountId, made.inPlaceOf ?? '');
  const mayReplace = made && or(isSame, made.isLost ? isReplaced : and(isReplaced, sql`NOT (${canCharge})`));
  const [written] = await database.batch([
    database
      .insert(connectedAccounts)
      .values({ workspaceId, createdAt, ...changed })
      .onConflictDoUpdate({
        target: connectedAccounts.workspaceId,
        set: { ...changed, createdAt: sql`CASE WHEN ${isSame} THEN ${connectedSince} ELSE ${createdAt} END` },
        ...(mayReplace && { setWhere: mayReplace }),
      })
      .returning({ workspaceId: connectedAccounts.workspaceId }),
    auditIfChangedStatement(database, audit),
    keepCopyStatement(database, { ...account, shard: audit.shard }),
  ]);
  return written.length > 0;
}

/** Undoes `upsertAccount`. The workspace then has no account, also if it had one before. */
export async function removeAccount(
  database: Database,
  account: Pick<ConnectedAccount, 'workspaceId' | 'stripeAccountId' | 'livemode'>,
  audit: AuditEntry,
): Promise<void> {
  const { workspaceId, stripeAccountId } = connectedAccounts;
  await database.batch([
    database
      .delete(connectedAccounts)
      .where(and(eq(workspaceId, account.workspaceId), eq(stripeAccountId, account.stripeAccountId))),
    deleteCopyStatement(database, account),
    auditStatement(database, audit),
  ]);
}
