import { and, desc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { ApiKey, Authority } from './api-keys.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import { type Database, preparedOnce } from './client.ts';
import { insertIf } from './insert-if.ts';
import type { PaymentLink } from './payment-links.ts';
import { apiKeys, connectedAccounts, paymentLinks, workspaces } from './schema.ts';

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

/** The workspace's public keys, newest first, revoked ones included. `before`: the row that a cursor goes on from. */
export async function listPublicKeys(
  database: Database,
  workspaceId: string,
  page: { readonly before: number | null; readonly offset: number; readonly limit: number },
): Promise<{ readonly key: ApiKey; readonly rowId: number }[]> {
  const rowId = sql<number>`api_keys.rowid`;
  const own = and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, 'public'));
  return await database
    .select({ key: apiKeys, rowId })
    .from(apiKeys)
    .where(page.before === null ? own : and(own, lt(rowId, page.before)))
    .orderBy(desc(rowId))
    .limit(page.limit)
    .offset(page.offset);
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
