import { eq, lte, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import { passkeys, people, signInCodes, signInLimits, signInSessions } from './sign-in-schema.ts';

/** The tables that better-auth reads and writes, by its own names. */
export const SIGN_IN_TABLES = { user: people, session: signInSessions, verification: signInCodes, passkey: passkeys };

/** True where a person has this e-mail address. `email`: in lower case. */
export async function isPerson(directory: Database, email: string): Promise<boolean> {
  const rows = await directory.select({ id: people.id }).from(people).where(eq(people.email, email)).limit(1);
  return rows.length > 0;
}

/** The e-mail addresses of people by their ids. Ids of nobody are left out. */
export async function findEmails(directory: Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await directory
    .select({ id: people.id, email: people.email })
    .from(people)
    .where(sql`${people.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
  return new Map(rows.map(({ id, email }) => [id, email]));
}

/** Something that may be done `most` times in a window. The window begins with the first use and lasts `windowMs`. */
export interface Use {
  readonly key: string;
  readonly most: number;
  readonly windowMs: number;
}

/**
 * Counts these uses in their order, each only while those before it are within their limits. True: all of them are. So whoever is
 * over a limit of their own uses up nobody else's. `now`: unix ms. One round trip.
 */
export async function countUses(
  directory: Database,
  [first, ...others]: readonly [Use, ...Use[]],
  now: number,
): Promise<boolean> {
  const { key, count, until } = signInLimits;
  const isOver = sql`${until} <= ${now}`;
  const statement = (use: Use, earlier: readonly Use[]) => {
    const end = now + use.windowMs;
    return insertIf(directory, signInLimits, { key: use.key, count: 1, until: end }, areWithin(earlier))
      .onConflictDoUpdate({
        target: key,
        set: {
          count: sql`CASE WHEN ${isOver} THEN 1 ELSE ${count} + 1 END`,
          until: sql`CASE WHEN ${isOver} THEN ${end} ELSE ${until} END`,
        },
      })
      .returning({ count });
  };
  const uses = [first, ...others];
  const results = await directory.batch([
    statement(first, []),
    ...others.map((use, index) => statement(use, uses.slice(0, index + 1))),
  ]);
  return results.every(([counted], index) => counted !== undefined && counted.count <= (uses[index]?.most ?? 0));
}

/** SQL that is true where none of these uses, all counted just now, is over its limit. */
function areWithin(uses: readonly Use[]): SQL {
  if (uses.length === 0) return sql`TRUE`;
  const over = uses.map(({ key, most }) => sql`(used.key = ${key} AND used.count > ${most})`);
  return sql`NOT EXISTS (SELECT 1 FROM sign_in_limits AS used WHERE ${sql.join(over, sql` OR `)})`;
}

/** Deletes sessions and codes that have expired, and counts whose time window has ended. `now`: unix ms. */
export async function deleteExpiredSignIns(directory: Database, now: number): Promise<void> {
  const at = new Date(now);
  await directory.batch([
    directory.delete(signInSessions).where(lte(signInSessions.expiresAt, at)),
    directory.delete(signInCodes).where(lte(signInCodes.expiresAt, at)),
    directory.delete(signInLimits).where(lte(signInLimits.until, now)),
  ]);
}
