import { and, eq, type SQL, sql } from 'drizzle-orm';
import { ROLES, type Role, rolesUpTo } from '../core/rights.ts';
import type { Database } from './client.ts';
import { people } from './sign-in-schema.ts';
import { auditStatements, mayStillChange, type TeamWrite } from './team-changes.ts';
import { invitations, members, organisations } from './team-schema.ts';

export type Organisation = typeof organisations.$inferSelect;
export type Member = typeof members.$inferSelect;

/** An organisation that a person belongs to, and the person's role there. */
export interface Membership {
  readonly organisation: Organisation;
  readonly role: Member['role'];
}

/** A member of an organisation with their e-mail address. */
export interface MemberWithEmail extends Pick<Member, 'personId' | 'role' | 'createdAt'> {
  readonly email: string;
}

/** The organisations that a person belongs to, by name. One round trip. */
export async function listMemberships(directory: Database, personId: string): Promise<Membership[]> {
  return await directory
    .select({ organisation: organisations, role: members.role })
    .from(members)
    .innerJoin(organisations, eq(organisations.id, members.organisationId))
    .where(eq(members.personId, personId))
    .orderBy(organisations.name, organisations.id);
}

/** All members of an organisation, owners first, then by how long they are in it. */
export async function listMembers(directory: Database, organisationId: string): Promise<MemberWithEmail[]> {
  return await selectMembers(directory)
    .where(eq(members.organisationId, organisationId))
    .orderBy(sql`${rankOf(sql`${members.role}`)} DESC`, members.createdAt, members.personId);
}

/** A member of an organisation. null: the person is none. */
export async function findMember(
  directory: Database,
  organisationId: string,
  personId: string,
): Promise<MemberWithEmail | null> {
  const rows = await selectMembers(directory).where(isMember({ organisationId, personId })).limit(1);
  return rows[0] ?? null;
}

/** The member of an organisation with this e-mail address (in lower case). null: there is none. */
export async function findMemberByEmail(
  directory: Database,
  organisationId: string,
  email: string,
): Promise<MemberWithEmail | null> {
  const rows = await selectMembers(directory)
    .where(and(eq(people.email, email), eq(members.organisationId, organisationId)))
    .limit(1);
  return rows[0] ?? null;
}

/** True where a member with this role is the last owner of the organisation. */
export async function isLastOwner(
  directory: Database,
  { organisationId, role }: Pick<Member, 'organisationId' | 'role'>,
): Promise<boolean> {
  if (role !== 'owner') return false;
  const owners = and(eq(members.organisationId, organisationId), eq(members.role, 'owner'));
  return (await directory.$count(members, owners)) === 1;
}

/** A member, and the role with which the change was found to be allowed. */
export type KnownMember = Pick<Member, 'organisationId' | 'personId' | 'role'>;

/**
 * Gives a member another role, and takes back the open invitations of theirs that are above it. False: nothing was
 * changed, because the member has another role by now, or is the last owner, or the changer may not do it any more.
 */
export async function updateRole(
  directory: Database,
  member: KnownMember,
  role: Role,
  write: TeamWrite,
): Promise<boolean> {
  const isAbove = sql`${invitations.role} NOT IN ${rolesUpTo(role)} AND EXISTS (${roleOf(member)} AND role = ${role})`;
  const [changed] = await directory.batch([
    directory.update(members).set({ role }).where(mayChange(member, write)).returning({ personId: members.personId }),
    ...auditStatements(directory, write.audit),
    directory.delete(invitations).where(and(isInvitedBy(member), isAbove)),
  ]);
  return changed.length > 0;
}

/**
 * Takes a member out of an organisation, with the open invitations that they have made. False: nothing was changed, because
 * the member is gone or has another role by now, or is the last owner, or the changer may not do it any more.
 */
export async function deleteMember(directory: Database, member: KnownMember, write: TeamWrite): Promise<boolean> {
  const isGone = sql`NOT EXISTS (${roleOf(member)})`;
  const [removed] = await directory.batch([
    directory.delete(members).where(mayChange(member, write)).returning({ personId: members.personId }),
    ...auditStatements(directory, write.audit),
    directory.delete(invitations).where(and(isInvitedBy(member), isGone)),
  ]);
  return removed.length > 0;
}

/** SQL for the place of a role in ROLES, by which roles are compared. */
export function rankOf(role: SQL): SQL<number> {
  const cases = ROLES.map((name, rank) => sql`WHEN ${name} THEN ${sql.raw(String(rank))}`);
  return sql<number>`CASE ${role} ${sql.join(cases, sql` `)} END`;
}

function selectMembers(directory: Database) {
  const { personId, role, createdAt } = members;
  return directory
    .select({ personId, role, createdAt, email: people.email })
    .from(members)
    .innerJoin(people, eq(people.id, members.personId));
}

function isMember({ organisationId, personId }: Pick<Member, 'organisationId' | 'personId'>) {
  return and(eq(members.organisationId, organisationId), eq(members.personId, personId));
}

/** Who is still as they were known, is changed by whoever still may, and not if that takes away the last owner. */
function mayChange(member: KnownMember, { changer }: TeamWrite) {
  const isUnchanged = and(isMember(member), eq(members.role, member.role));
  return and(isUnchanged, isNotLastOwner(member), mayStillChange(member.organisationId, changer));
}

/** Held in the statement that changes: of two owners who leave at the same time, one stays. */
function isNotLastOwner({ organisationId, personId }: KnownMember): SQL {
  return sql`(${members.role} <> 'owner' OR EXISTS (SELECT 1 FROM members AS other
    WHERE other.organisation_id = ${organisationId} AND other.role = 'owner' AND other.person_id <> ${personId}))`;
}

function isInvitedBy({ organisationId, personId }: KnownMember) {
  return and(eq(invitations.organisationId, organisationId), eq(invitations.invitedBy, personId));
}

function roleOf({ organisationId, personId }: KnownMember): SQL {
  return sql`SELECT 1 FROM members WHERE organisation_id = ${organisationId} AND person_id = ${personId}`;
}
