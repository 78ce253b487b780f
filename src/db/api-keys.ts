import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import { type Database, preparedOnce } from './client.ts';
import { apiKeys, connectedAccounts, workspaces } from './schema.ts';
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
