import { eq, lte, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
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

/**
 * Counts one more use of each key, and returns how often each was used in its time window, this use included. A window
 * begins with the first use and lasts `windowMs`. `now`: unix ms.
 */
export async function countUses(
  directory: Database,
  keys: readonly [string, ...string[]],
  windowMs: number,
  now: number,
): Promise<number[]> {
  const { key, count, until } = signInLimits;
  const isOver = sql`${until} <= ${now}`;
  const statement = (name: string) =>
    directory
      .insert(signInLimits)
      .values({ key: name, count: 1, until: now + windowMs })
      .onConflictDoUpdate({
        target: key,
        set: {
          count: sql`CASE WHEN ${isOver} THEN 1 ELSE ${count} + 1 END`,
          until: sql`CASE WHEN ${isOver} THEN ${now + windowMs} ELSE ${until} END`,
        },
      })
      .returning({ count });
  const [first, ...others] = keys;
  const results = await directory.batch([statement(first), ...others.map(statement)]);
  return results.flatMap((rows) => rows.map((row) => row.count));
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
