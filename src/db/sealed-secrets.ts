import { or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Database } from './client.ts';
import { webhookEndpoints } from './schema.ts';
import type { WebhookEndpoint } from './webhook-endpoints.ts';

/** The stored secrets of an endpoint, sealed: encrypted under a key of SECRETS_KEY. */
export type SealedSecrets = Pick<
  WebhookEndpoint,
  'id' | 'workspaceId' | 'sealedSecret' | 'sealedPreviousSecret' | 'previousSecretValidUntil'
>;

/** How many secrets are sealed under one version of SECRETS_KEY. `more`: counting stopped at the limit. */
export interface SealedCount {
  readonly version: string;
  readonly count: number;
  readonly more: boolean;
}

/** True in SQL for secrets that are sealed under this version: a text begins with its version and a dot. */
function isSealedUnder(column: SQLiteColumn, version: SQL | string): SQL {
  // '/' is the character after '.'.
  return sql`(${column} >= ${version} || '.' AND ${column} < ${version} || '/')`;
}

/** Endpoints, of any workspace, with a secret that is sealed under one of these versions. At most `limit` of them. */
export async function listSealedUnder(
  database: Database,
  versions: readonly string[],
  limit: number,
): Promise<SealedSecrets[]> {
  const { id, workspaceId, sealedSecret, sealedPreviousSecret, previousSecretValidUntil } = webhookEndpoints;
  const conditions = versions.flatMap((version) => [
    isSealedUnder(sealedSecret, version),
    isSealedUnder(sealedPreviousSecret, version),
  ]);
  return await database
    .select({ id, workspaceId, sealedSecret, sealedPreviousSecret, previousSecretValidUntil })
    .from(webhookEndpoints)
    .where(or(...conditions))
    .limit(limit);
}

/** The secrets of an endpoint as they were read, and the same secrets sealed anew. */
export interface Resealed {
  readonly read: SealedSecrets;
  readonly sealedSecret: string;
  /** null: the endpoint has no previous secret, or that secret has ended. */
  readonly sealedPreviousSecret: string | null;
}

/**
 * Stores secrets that were sealed anew, in one statement. An endpoint whose secrets are no longer as they were read
 * keeps what it has. Returns how many endpoints were changed.
 */
export async function updateSealed(database: Database, resealed: readonly Resealed[]): Promise<number> {
  const { meta } = await database.run(sql`UPDATE webhook_endpoints
    SET sealed_secret = new.value ->> 'sealedSecret', sealed_previous_secret = new.value ->> 'sealedPreviousSecret'
    FROM json_each(${JSON.stringify(resealed)}) AS new
    WHERE webhook_endpoints.id = new.value ->> '$.read.id'
      AND webhook_endpoints.workspace_id = new.value ->> '$.read.workspaceId'
      AND webhook_endpoints.sealed_secret = new.value ->> '$.read.sealedSecret'
      AND webhook_endpoints.sealed_previous_secret IS new.value ->> '$.read.sealedPreviousSecret'`);
  return meta.changes;
}

/**
 * A statement that counts the stored webhook secrets by the version that sealed them. Without previous secrets that
 * have ended by `now` (unix ms). Counts at most about `countedMost` for each version. `toSealedCounts` reads its rows.
 */
export function sealedCountsStatement(database: Database, now: number, countedMost: number) {
  const { sealedSecret, sealedPreviousSecret } = webhookEndpoints;
  const valid = sql`AND previous_secret_valid_until > ${now}`;
  return database.select({ version: sql<string>`version`, count: sql<number>`count` }).from(
    sql`(SELECT version, (${countOf(sealedSecret, sql``, countedMost)}) AS count FROM (${versionsOf(sealedSecret)})
        UNION ALL
        SELECT version, (${countOf(sealedPreviousSecret, valid, countedMost)}) AS count
        FROM (${versionsOf(sealedPreviousSecret)}))`,
  );
}

/** The versions that a column's secrets begin with, by one look into its index for each version. */
function versionsOf(column: SQLiteColumn): SQL {
  const versionOf = sql`substr(${column}, 1, instr(${column}, '.') - 1)`;
  const next = (condition: SQL) =>
    sql`(SELECT ${versionOf} FROM webhook_endpoints WHERE ${condition} ORDER BY ${column} LIMIT 1)`;
  return sql`WITH RECURSIVE versions(version) AS (
    SELECT ${next(sql`${column} IS NOT NULL`)}
    UNION ALL
    SELECT ${next(sql`${column} IS NOT NULL AND ${column} >= version || '/'`)} FROM versions WHERE version IS NOT NULL
  ) SELECT version FROM versions WHERE version IS NOT NULL`;
}

function countOf(column: SQLiteColumn, further: SQL, countedMost: number): SQL {
  return sql`SELECT count(*) FROM (SELECT 1 FROM webhook_endpoints
    WHERE ${isSealedUnder(column, sql`version`)} ${further} LIMIT ${countedMost + 1})`;
}

/** Reads the rows of `sealedCountsStatement`, made with the same `countedMost`. Sorted by version. */
export function toSealedCounts(
  rows: readonly { readonly version: string; readonly count: number }[],
  countedMost: number,
): SealedCount[] {
  const byVersion = Map.groupBy(rows, ({ version }) => version);
  return [...byVersion]
    .map(([version, counted]) => {
      const count = counted.reduce((sum, row) => sum + row.count, 0);
      return { version, count: Math.min(count, countedMost), more: count > countedMost };
    })
    .filter(({ count }) => count > 0)
    .toSorted((left, right) => left.version.localeCompare(right.version));
}

/** Counts the stored webhook secrets of all workspaces by the version of SECRETS_KEY that sealed them. For operators. */
export async function countSealed(database: Database, now: number): Promise<SealedCount[]> {
  const countedMost = 1_000_000;
  return toSealedCounts(await sealedCountsStatement(database, now, countedMost), countedMost);
}
