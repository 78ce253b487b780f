import { eq } from 'drizzle-orm';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { businessProfiles } from './schema.ts';

/** How a workspace shows itself to buyers. A member that is null was not set. */
export type BusinessProfile = typeof businessProfiles.$inferSelect;

type WithLogo = 'logoHash' | 'logoType' | 'logoWidth' | 'logoHeight';

/** What is written in a profile, without its logo. */
export type ProfileContent = Omit<BusinessProfile, 'workspaceId' | 'updatedAt' | WithLogo>;

/** The profile of a workspace. null: none was ever written, which means the same as a profile of nulls. */
export async function findProfile(database: Database, workspaceId: string): Promise<BusinessProfile | null> {
  const [row] = await database
    .select()
    .from(businessProfiles)
    .where(eq(businessProfiles.workspaceId, workspaceId))
    .limit(1);
  return row ?? null;
}

/** Changes these members of the profile of a workspace, which may not have one yet, and returns its row. */
export async function upsertProfile(
  database: Database,
  workspaceId: string,
  changes: Partial<ProfileContent>,
  audit: AuditEntry,
): Promise<BusinessProfile> {
  const changed = { ...changes, updatedAt: audit.at };
  const [[row]] = await database.batch([
    database
      .insert(businessProfiles)
      .values({ workspaceId, ...changed })
      .onConflictDoUpdate({ target: businessProfiles.workspaceId, set: changed })
      .returning(),
    auditIfChangedStatement(database, audit),
  ]);
  if (!row) throw new Error('The database answered an insert without its row');
  return row;
}
