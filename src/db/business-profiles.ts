import { and, eq, getTableColumns, sql } from 'drizzle-orm';
import { madeOnce } from '../core/made-once.ts';
import { type AuditEntry, auditIfChangedStatement, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { businessProfiles, profileLogos, workspaces } from './schema.ts';

/** How a workspace shows itself to buyers. A member that is null was not set. */
export type BusinessProfile = typeof businessProfiles.$inferSelect;

const NO_LOGO = { logoHash: null, logoType: null, logoWidth: null, logoHeight: null };

/** What is written in a profile, without its logo. */
export type ProfileContent = Omit<BusinessProfile, 'workspaceId' | 'updatedAt' | keyof typeof NO_LOGO>;

/** A profile in which nothing is set. */
export const EMPTY_PROFILE: Readonly<Omit<BusinessProfile, 'workspaceId' | 'updatedAt'>> = {
  ...NO_LOGO,
  displayName: null,
  supportEmail: null,
  supportPhone: null,
  website: null,
  termsUrl: null,
  privacyUrl: null,
  refundPolicyUrl: null,
  brandColor: null,
};

/** A picture with the SHA-256 of its bytes in hex. `width` and `height`: pixels. */
export interface Logo extends Pick<typeof profileLogos.$inferSelect, 'hash' | 'type' | 'bytes'> {
  readonly width: number;
  readonly height: number;
}

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
  const [rows] = await database.batch([
    changeStatement(database, workspaceId, { ...changes, updatedAt: audit.at }),
    auditIfChangedStatement(database, audit),
  ]);
  return only(rows);
}

/** Puts a logo in the place of the one that the workspace may have, and returns its profile. */
export async function upsertLogo(
  database: Database,
  workspaceId: string,
  { hash, type, bytes, width, height }: Logo,
  audit: AuditEntry,
): Promise<BusinessProfile> {
  const changes = { logoHash: hash, logoType: type, logoWidth: width, logoHeight: height, updatedAt: audit.at };
  const logo = { hash, type, bytes };
  const [rows] = await database.batch([
    changeStatement(database, workspaceId, changes),
    database
      .insert(profileLogos)
      .values({ workspaceId, ...logo })
      .onConflictDoUpdate({ target: profileLogos.workspaceId, set: logo }),
    auditStatement(database, audit),
  ]);
  return only(rows);
}

/** Removes the logo of a workspace, and returns its profile. */
export async function deleteLogo(database: Database, workspaceId: string, audit: AuditEntry): Promise<BusinessProfile> {
  return await clearWithLogo(database, workspaceId, NO_LOGO, audit);
}

/** Clears the whole profile of a workspace, with its logo. */
export async function clearProfile(database: Database, workspaceId: string, audit: AuditEntry): Promise<void> {
  await clearWithLogo(database, workspaceId, EMPTY_PROFILE, audit);
}

async function clearWithLogo(
  database: Database,
  workspaceId: string,
  cleared: Partial<typeof EMPTY_PROFILE>,
  audit: AuditEntry,
): Promise<BusinessProfile> {
  const [rows] = await database.batch([
    changeStatement(database, workspaceId, { ...cleared, updatedAt: audit.at }),
    database.delete(profileLogos).where(eq(profileLogos.workspaceId, workspaceId)),
    auditStatement(database, audit),
  ]);
  return only(rows);
}

/** Replaces the profile and the logo of the workspace `to` by those of the workspace `from`, in the same database. */
export async function replaceProfile(
  database: Database,
  { from, to }: { readonly from: string; readonly to: string },
  audit: AuditEntry,
): Promise<void> {
  const newOwner = { workspaceId: sql<string>`${to}`.as('workspace_id') };
  const updatedAt = sql<number>`${audit.at}`.as('updated_at');
  const profile = { ...getTableColumns(businessProfiles), ...newOwner, updatedAt };
  const logo = { ...getTableColumns(profileLogos), ...newOwner };
  await database.batch([
    database.delete(businessProfiles).where(eq(businessProfiles.workspaceId, to)),
    database
      .insert(businessProfiles)
      .select(database.select(profile).from(businessProfiles).where(eq(businessProfiles.workspaceId, from))),
    database.delete(profileLogos).where(eq(profileLogos.workspaceId, to)),
    database
      .insert(profileLogos)
      .select(database.select(logo).from(profileLogos).where(eq(profileLogos.workspaceId, from))),
    auditStatement(database, audit),
  ]);
}

const byHash = madeOnce((database: Database) =>
  database
    .select({ type: profileLogos.type, bytes: profileLogos.bytes })
    .from(profileLogos)
    .innerJoin(workspaces, eq(workspaces.id, profileLogos.workspaceId))
    .where(and(eq(profileLogos.hash, sql.placeholder('hash')), eq(workspaces.status, 'active')))
    .limit(1)
    .prepare(),
);

/**
 * The logo of any workspace that is not suspended by the SHA-256 of its bytes, because every visitor may see it. null:
 * there is none.
 */
export async function findLogo(database: Database, hash: string): Promise<Pick<Logo, 'type' | 'bytes'> | null> {
  const [row] = await byHash(database).all({ hash });
  return row ?? null;
}

type Changes = Partial<Omit<BusinessProfile, 'workspaceId'>> & Pick<BusinessProfile, 'updatedAt'>;

function changeStatement(database: Database, workspaceId: string, changes: Changes) {
  return database
    .insert(businessProfiles)
    .values({ workspaceId, ...changes })
    .onConflictDoUpdate({ target: businessProfiles.workspaceId, set: changes })
    .returning();
}

function only([row]: readonly BusinessProfile[]): BusinessProfile {
  if (!row) throw new Error('The database answered an insert without its row');
  return row;
}
