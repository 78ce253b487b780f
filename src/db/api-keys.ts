import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { madeOnce } from '../core/made-once.ts';
import { type Page, pageOf, type TimePageRequest, timeCursor } from '../core/paging.ts';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import type { BusinessProfile } from './business-profiles.ts';
import type { Database } from './client.ts';
import { isInRange } from './event-lists.ts';
import { insertIf } from './insert-if.ts';
import type { PaymentLink } from './payment-links.ts';
import { apiKeys, businessProfiles, connectedAccounts, paymentLinks, workspaces } from './schema.ts';
import type { ConnectedAccount, Workspace } from './workspaces.ts';

export type ApiKey = typeof apiKeys.$inferSelect;

/** An API key with its workspace and the workspace's Stripe account (null: none). They decide whether a request is allowed. */
interface Authority {
  readonly key: ApiKey;
  readonly workspace: Workspace;
  readonly account: ConnectedAccount | null;
}

const byHash = madeOnce((database: Database) =>
  database
    .select()
    .from(apiKeys)
    .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
    .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, apiKeys.workspaceId))
    .where(eq(apiKeys.keyHash, sql.placeholder('hash')))
    .limit(1)
    .prepare(),
);

/** A key of any workspace by its hash, with workspace and account, in one read. Returns revoked keys too. null: no such key. */
export async function findAuthority(database: Database, keyHash: string): Promise<Authority | null> {
  const [row] = await byHash(database).all({ hash: keyHash });
  return row ? { key: row.api_keys, workspace: row.workspaces, account: row.connected_accounts } : null;
}

/** Writes a new key and its audit entry. */
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

/** The names of a workspace's keys, by their ids. An id that is no key of the workspace has none. */
export async function findKeyNames(
  database: Database,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database
    .select({ id: apiKeys.id, name: apiKeys.name })
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), sql`id IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Revokes a key. Returns false where it was revoked before, or belongs to another workspace. */
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

/** The id of the workspace that a key belongs to. null: no such key. For operators, who know a key by its id alone. */
export async function findKeyWorkspace(database: Database, keyId: string): Promise<string | null> {
  const [row] = await database
    .select({ workspaceId: apiKeys.workspaceId })
    .from(apiKeys)
    .where(eq(apiKeys.id, keyId))
    .limit(1);
  return row?.workspaceId ?? null;
}

/**
 * What a public key gives access to: its workspace, with its business profile (null: none was ever written), and there
 * the link that was asked for (null: there is no such link).
 */
export interface EmbedAuthority extends Authority {
  readonly profile: BusinessProfile | null;
  readonly link: PaymentLink | null;
}

/** Key, workspace, account, profile and link in one joined read. A link of another workspace is not found. */
const embedWhere = (isKey: SQL) =>
  madeOnce((database: Database) =>
    database
      .select()
      .from(apiKeys)
      .innerJoin(workspaces, eq(workspaces.id, apiKeys.workspaceId))
      .leftJoin(connectedAccounts, eq(connectedAccounts.workspaceId, apiKeys.workspaceId))
      .leftJoin(businessProfiles, eq(businessProfiles.workspaceId, apiKeys.workspaceId))
      .leftJoin(
        paymentLinks,
        and(eq(paymentLinks.token, sql.placeholder('link')), eq(paymentLinks.workspaceId, apiKeys.workspaceId)),
      )
      .where(and(isKey, eq(apiKeys.kind, 'public')))
      .limit(1)
      .prepare(),
  );

const embedByHash = embedWhere(eq(apiKeys.keyHash, sql.placeholder('key')));
const embedById = embedWhere(eq(apiKeys.id, sql.placeholder('key')));

async function findEmbed(query: ReturnType<typeof embedByHash>, key: string, link: string) {
  const [row] = await query.all({ key, link });
  if (!row) return null;
  const { workspaces: workspace, connected_accounts: account, business_profiles: profile } = row;
  return { key: row.api_keys, workspace, account, profile, link: row.payment_links };
}

/** A public key of any workspace by its hash, and what it gives access to. Returns revoked keys too. null: no such key. */
export async function findEmbedByKey(
  database: Database,
  keyHash: string,
  link: string,
): Promise<EmbedAuthority | null> {
  return await findEmbed(embedByHash(database), keyHash, link);
}

/** Like `findEmbedByKey`, but by the id of the key, which a widget's token contains. */
export async function findEmbedByKeyId(database: Database, id: string, link: string): Promise<EmbedAuthority | null> {
  return await findEmbed(embedById(database), id, link);
}

const isKey = (kind: ApiKey['kind'], workspaceId: string, id: string) =>
  and(eq(apiKeys.id, id), eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, kind));

const isPublicKey = (workspaceId: string, id: string) => isKey('public', workspaceId, id);

/**
 * Writes a key with its audit entry, and returns the key's row. Where a row with its id exists, writes nothing and returns
 * that row. Where `limit` keys of the workspace and this kind are not revoked, writes nothing and returns null.
 */
export async function insertKeyOnce(
  database: Database,
  key: ApiKey,
  limit: number,
  audit: AuditEntry,
): Promise<ApiKey | null> {
  const inForce = sql`(SELECT count(*) FROM api_keys
    WHERE workspace_id = ${key.workspaceId} AND kind = ${key.kind} AND revoked_at IS NULL)`;
  const [, , found] = await database.batch([
    insertIf(database, apiKeys, key, sql`${inForce} < ${limit}`).onConflictDoNothing({ target: apiKeys.id }),
    auditIfChangedStatement(database, audit),
    database
      .select()
      .from(apiKeys)
      .where(isKey(key.kind, key.workspaceId, key.id)),
  ]);
  return found[0] ?? null;
}

/** A public key of this workspace by its id. null: no such key, a secret key, or a key of another workspace. */
export async function findPublicKey(database: Database, workspaceId: string, id: string): Promise<ApiKey | null> {
  const [row] = await database.select().from(apiKeys).where(isPublicKey(workspaceId, id)).limit(1);
  return row ?? null;
}

/** A secret key of this workspace by its id. null: no such key, a public key, or a key of another workspace. */
export async function findSecretKey(database: Database, workspaceId: string, id: string): Promise<ApiKey | null> {
  const [row] = await database
    .select()
    .from(apiKeys)
    .where(isKey('secret', workspaceId, id))
    .limit(1);
  return row ?? null;
}

/** The workspace's public keys, newest first, revoked ones included. Secret keys are never among them. */
export async function listPublicKeys(
  database: Database,
  workspaceId: string,
  page: TimePageRequest,
): Promise<Page<ApiKey>> {
  return await listKind(database, workspaceId, 'public', page);
}

/** The workspace's secret keys, newest first, revoked ones included. */
export async function listSecretKeys(
  database: Database,
  workspaceId: string,
  page: TimePageRequest,
): Promise<Page<ApiKey>> {
  return await listKind(database, workspaceId, 'secret', page);
}

async function listKind(
  database: Database,
  workspaceId: string,
  kind: ApiKey['kind'],
  page: TimePageRequest,
): Promise<Page<ApiKey>> {
  const own = and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, kind));
  const rows = await database
    .select()
    .from(apiKeys)
    .where(and(own, isInRange(apiKeys, { after: null, before: null }, page.before)))
    .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(page.limit + 1)
    .offset(page.offset);
  return pageOf(rows, page.limit, timeCursor);
}

/** The workspace's public keys that are not revoked (at most 20). */
export async function listPublicKeysInForce(database: Database, workspaceId: string): Promise<ApiKey[]> {
  return await database
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, 'public'), isNull(apiKeys.revokedAt)));
}

/** The workspace's public keys: first those in force (at most 20), then the revoked ones; each newest first. */
export async function listPublicKeysInForceFirst(
  database: Database,
  workspaceId: string,
  limit: number,
): Promise<ApiKey[]> {
  return await database
    .select()
    .from(apiKeys)
    .where(and(eq(apiKeys.workspaceId, workspaceId), eq(apiKeys.kind, 'public')))
    .orderBy(sql`revoked_at IS NOT NULL`, desc(apiKeys.createdAt), desc(apiKeys.id))
    .limit(limit);
}

/** Changes a public key and returns its row. null: there is no such key, or it is revoked; nothing is written. */
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
