import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import { mapPage, type Page, pageOf, type RowPageRequest, rowCursor } from '../core/paging.ts';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import { type Database, preparedOnce } from './client.ts';
import { insertIf } from './insert-if.ts';
import type { PaymentLink } from './payment-links.ts';
import { apiKeys, connectedAccounts, paymentLinks, workspaces } from './schema.ts';
import type { ConnectedAccount, Workspace } from './workspaces.ts';

export type ApiKey = typeof apiKeys.$inferSelect;

/** Everything a request's authority rests on. */
export interface Authority {
  readonly key: ApiKey;
  readonly workspace: Workspace;
  readonly account: ConnectedAccount | null;
}

const byHash = preparedOnce((database) =>
  database
    .select()
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, apiKeys.workspaceId))
    .where(eq(apiKeys.keyHash, sql.placeholder('hash')))
    .limit(1)
    .prepare(),
);

/** Key, workspace and account in one joined read. Not scoped: this finds the scope. Revoked keys are returned as such. */
export async function findAuthority(database: Database, keyHash: string): Promise<Authority | null> {
  const [row] = await byHash(database).all({ hash: keyHash });
  return row ? { key: row.api_keys, workspace: row.workspaces, account: row.connected_accounts } : null;
}

export async function insertApiKey(database: Database, key: ApiKey, audit: AuditEntry): Promise<void> {
  await database.batch([database.insert(apiKeys).values(key), auditStatement(database, audit)]);
}

/** A workspace's keys, newest first, without their hashes. */
export async function listApiKeys(database: Database, workspaceId: string): Promise<Omit<ApiKey, 'keyHash'>[]> {
  const rows = await database
    .select()
    .from(apiKeys)
    .where(eq(apiKeys.workspaceId, workspaceId))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id));
  return rows.map(({ keyHash: _, ...key }) => key);
}

/** Ends a key at once. True when it was in force until now. */
export async function revokeApiKey(
  database: Database,
  workspaceId: string,
  keyId: string,
  audit: AuditEntry,
): Promise<boolean> {
  const [revoked] = await database.batch([
    database
      .update(apiKeys)
      .set({ revokedAt: audit.at })
      .where(and(eq(apiKeys.id, keyId), eq(apiKeys.workspaceId, workspaceId), isNull(apiKeys.revokedAt)))
      .returning({ id: apiKeys.id }),
    auditIfChangedStatement(database, audit),
  ]);
  return revoked.length > 0;
}

/** The workspace a key id belongs to. For operators, who name keys by id alone. */
export async function findKeyWorkspace(database: Database, keyId: string): Promise<string | null> {
  const [row] = await database
    .select({ workspaceId: apiKeys.workspaceId })
    .from(apiKeys)
    .where(eq(apiKeys.id, keyId))
    .limit(1);
  return row?.workspaceId ?? null;
}

/** What a public key opens: its own workspace, and there the link it was asked for, or null. */
export interface EmbedAuthority extends Authority {
  readonly link: PaymentLink | null;
}

/** Key, workspace, account and link in one joined read: a link of another workspace, or of its other mode, is no link. */
function selectEmbed(database: Database) {
  return database
    .select()
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, apiKeys.workspaceId))
    .leftJoin(
      paymentLinks,
      and(eq(paymentLinks.token, sql.placeholder('link')), eq(paymentLinks.workspaceId, apiKeys.workspaceId)),
    );
}

const embedByHash = preparedOnce((database) =>
  selectEmbed(database)
    .where(and(eq(apiKeys.keyHash, sql.placeholder('hash')), eq(apiKeys.kind, 'public')))
    .limit(1)
    .prepare(),
);

const embedById = preparedOnce((database) =>
  selectEmbed(database)
    .where(and(eq(apiKeys.id, sql.placeholder('id')), eq(apiKeys.kind, 'public')))
    .limit(1)
    .prepare(),
);

type EmbedRow = Awaited<ReturnType<ReturnType<typeof embedByHash>['all']>>[number];

function toEmbed(row: EmbedRow | undefined): EmbedAuthority | null {
  if (!row) return null;
  return { key: row.api_keys, workspace: row.workspaces, account: row.connected_accounts, link: row.payment_links };
}

/** A public key by its hash, with what it opens. Not scoped: this finds the scope. Revoked keys are returned as such. */
export async function findEmbedByKey(
  database: Database,
  keyHash: string,
  link: string,
): Promise<EmbedAuthority | null> {
  const [row] = await embedByHash(database).all({ hash: keyHash, link });
  return toEmbed(row);
}

/** The same by the key's id, for whoever holds a token that was signed for it. */
export async function findEmbedByKeyId(database: Database, id: string, link: string): Promise<EmbedAuthority | null> {
  const [row] = await embedById(database).all({ id, link });
  return toEmbed(row);
}

const isPublicKey = (workspaceId: string, id: string) =>
  and(eq(apiKeys.id, id), eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, 'public'));

/**
 * Writes a public key, unless the workspace has `limit` of them in force, and answers its row: of an operation that is
 * resumed the row it has written. null: there is no room.
 */
export async function insertPublicKey(
  database: Database,
  key: ApiKey,
  limit: number,
  audit: AuditEntry,
): Promise<ApiKey | null> {
  const inForce = sql`(SELECT count(*) FROM api_keys
    WHERE workspace_id = ${key.workspaceId} AND kind = 'public' AND revoked_at IS NULL)`;
  const [, , found] = await database.batch([
    insertIf(database, apiKeys, key, sql`${inForce} < ${limit}`).onConflictDoNothing({ target: apiKeys.id }),
    auditIfChangedStatement(database, audit),
    database.select().from(apiKeys).where(isPublicKey(key.workspaceId, key.id)),
  ]);
  return found[0] ?? null;
}

/** A public key of this workspace by its id, or null: the same for a secret one and for another workspace's. */
export async function findPublicKey(database: Database, workspaceId: string, id: string): Promise<ApiKey | null> {
  const [row] = await database.select().from(apiKeys).where(isPublicKey(workspaceId, id)).limit(1);
  return row ?? null;
}

/** The workspace's public keys, newest first, revoked ones included. Secret keys are never among them. */
export async function listPublicKeys(
  database: Database,
  workspaceId: string,
  page: RowPageRequest,
): Promise<Page<ApiKey>> {
  const rowId = sql<number>`api_keys.rowid`;
  const own = and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, 'public'));
  const rows = await database
    .select({ key: apiKeys, rowId })
    .from(apiKeys)
    .where(page.before === null ? own : and(own, lt(rowId, page.before)))
    .orderBy(desc(rowId))
    .limit(page.limit + 1)
    .offset(page.offset);
  return mapPage(
    pageOf(rows, page.limit, (row) => rowCursor(row.rowId)),
    ({ key }) => key,
  );
}

/** The workspace's public keys in force, which are few. */
export async function listPublicKeysInForce(database: Database, workspaceId: string): Promise<ApiKey[]> {
  return await database
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, 'public'), isNull(apiKeys.revokedAt)));
}

/** Changes a public key and answers its row; null where there is none in force. */
export async function updatePublicKey(
  database: Database,
  workspaceId: string,
  id: string,
  changes: Partial<Pick<ApiKey, 'name' | 'allowedOrigins'>>,
  audit: AuditEntry,
): Promise<ApiKey | null> {
  const [updated] = await database.batch([
    database
      .update(apiKeys)
      .set(changes)
      .where(and(isPublicKey(workspaceId, id), isNull(apiKeys.revokedAt)))
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  return updated[0] ?? null;
}
