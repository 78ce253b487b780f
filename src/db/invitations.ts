import { and, count, eq, gt, isNull, lte, type SQL, sql } from 'drizzle-orm';
import type { Role } from '../core/rights.ts';
import type { AuditEntry } from './audit-log.ts';
import type { Database } from './client.ts';
import { insertEach, insertIf } from './insert-if.ts';
import { type Organisation, rankOf } from './members.ts';
import { people } from './sign-in-schema.ts';
import { auditStatements, mayStillChange, type TeamWrite } from './team-changes.ts';
import { invitations, members, organisations } from './team-schema.ts';

export type Invitation = typeof invitations.$inferSelect;

/** An invitation to an organisation. */
export type TeamInvitation = Invitation & { readonly organisationId: string };

/** An invitation with the e-mail address of the person who made it; null: an operator. */
export interface SentInvitation extends Pick<Invitation, 'id' | 'email' | 'role' | 'expiresAt'> {
  readonly inviter: string | null;
}

/** An invitation as the invited person sees it. */
export interface ReceivedInvitation extends SentInvitation {
  readonly organisation: Organisation;
}

/** How many people may be in an organisation, and how many invitations to it may be open. */
export interface TeamLimits {
  readonly members: number;
  readonly invitations: number;
}

/** How many members an organisation has, and how many open invitations. */
export async function readTeamSize(directory: Database, organisationId: string, now: number): Promise<TeamLimits> {
  const [[inTeam], [open]] = await directory.batch([
    directory.select({ total: count() }).from(members).where(eq(members.organisationId, organisationId)),
    directory
      .select({ total: count() })
      .from(invitations)
      .where(and(eq(invitations.organisationId, organisationId), isOpen(now))),
  ]);
  return { members: inTeam?.total ?? 0, invitations: open?.total ?? 0 };
}

/** The open invitations of an organisation, the oldest first. `now`: unix ms. */
export async function listInvitations(
  directory: Database,
  organisationId: string,
  now: number,
): Promise<SentInvitation[]> {
  return await directory
    .select(SENT)
    .from(invitations)
    .leftJoin(people, eq(people.id, invitations.invitedBy))
    .where(and(eq(invitations.organisationId, organisationId), isOpen(now)))
    .orderBy(invitations.createdAt, invitations.id);
}

/** The open invitations to organisations for an e-mail address (in lower case), the oldest first. `now`: unix ms. */
export async function listInvitationsTo(
  directory: Database,
  email: string,
  now: number,
): Promise<ReceivedInvitation[]> {
  return await selectReceived(directory)
    .where(and(eq(invitations.email, email), isOpen(now)))
    .orderBy(invitations.createdAt, invitations.id);
}

/** An open invitation to an organisation for this e-mail address. null: it is not open, or is for somebody else. */
export async function findInvitationTo(
  directory: Database,
  { id, email, now }: { readonly id: string; readonly email: string; readonly now: number },
): Promise<ReceivedInvitation | null> {
  const isIt = and(eq(invitations.id, id), eq(invitations.email, email), isOpen(now));
  const [row] = await selectReceived(directory).where(isIt).limit(1);
  return row ?? null;
}

/** The invitation of an e-mail address to an organisation, open or expired. null: there is none. */
export async function findInvitationOf(
  directory: Database,
  organisationId: string,
  email: string,
): Promise<Invitation | null> {
  const isIt = and(eq(invitations.organisationId, organisationId), eq(invitations.email, email));
  const [row] = await directory.select().from(invitations).where(isIt).limit(1);
  return row ?? null;
}

/** The invitation with this id, of whatever organisation: compare that. null: there is none. */
export async function findInvitation(directory: Database, id: string): Promise<Invitation | null> {
  const [row] = await directory.select().from(invitations).where(eq(invitations.id, id)).limit(1);
  return row ?? null;
}

/** True where an invitation of any kind is open for this e-mail address (in lower case). `now`: unix ms. */
export async function isInvited(directory: Database, email: string, now: number): Promise<boolean> {
  const isIt = and(eq(invitations.email, email), isOpen(now));
  return (await directory.select({ id: invitations.id }).from(invitations).where(isIt).limit(1)).length > 0;
}

/** How an invitation is written: only within these limits, and not for the address of a member. */
export interface InvitationWrite extends TeamWrite {
  readonly limits: TeamLimits;
}

/**
 * Stores a new invitation to an organisation. False: nothing was written, because a limit is reached, the address is that
 * of a member or has an invitation, or the changer may not invite any more.
 */
export async function insertInvitation(
  directory: Database,
  invitation: TeamInvitation,
  write: InvitationWrite,
): Promise<boolean> {
  const [stored] = await directory.batch([
    insertIf(directory, invitations, invitation, mayInvite(invitation, write))
      .onConflictDoNothing({ target: [invitations.organisationId, invitations.email] })
      .returning({ id: invitations.id }),
    ...auditStatements(directory, write.audit),
  ]);
  return stored.length > 0;
}

/**
 * Puts an invitation in place of the one with the same id. False: nothing was written, for a reason of `insertInvitation`,
 * or because that one is not as it was: one that was withdrawn or accepted does not come back.
 */
export async function renewInvitation(
  directory: Database,
  { id, role, createdAt }: Invitation,
  invitation: TeamInvitation,
  write: InvitationWrite,
): Promise<boolean> {
  const { organisationId, invitedBy, expiresAt } = invitation;
  const isIt = and(eq(invitations.id, id), eq(invitations.organisationId, organisationId));
  const isUnchanged = and(isIt, eq(invitations.role, role), eq(invitations.createdAt, createdAt));
  const [stored] = await directory.batch([
    directory
      .update(invitations)
      .set({ role: invitation.role, invitedBy, expiresAt, createdAt: invitation.createdAt })
      .where(and(isUnchanged, mayInvite(invitation, write)))
      .returning({ id: invitations.id }),
    ...auditStatements(directory, write.audit),
  ]);
  return stored.length > 0;
}

/** Stores an invitation to sign up and make a workspace, in place of one of the same address. */
export async function replaceSignUpInvitation(directory: Database, invitation: Invitation): Promise<void> {
  await directory.batch([
    directory
      .delete(invitations)
      .where(and(eq(invitations.email, invitation.email), isNull(invitations.organisationId))),
    directory.insert(invitations).values(invitation),
  ]);
}

/** Who accepts which invitation. `memberLimit`: how many members an organisation may have. `now`: unix ms. */
export interface Acceptance {
  readonly id: string;
  /** The role that it was found to be for. */
  readonly role: Role;
  readonly personId: string;
  /** In lower case. */
  readonly email: string;
  readonly memberLimit: number;
  readonly now: number;
}

/**
 * Makes a person a member by an open invitation for their address, and ends the invitation. A member keeps a higher role.
 * False: nothing was changed, because the invitation is not open or for another role by now, or the organisation is full.
 * `audit`: see `TeamWrite`.
 */
export async function takeInvitation(
  directory: Database,
  acceptance: Acceptance,
  audit: AuditEntry | null,
): Promise<boolean> {
  const { id, role, personId, email, memberLimit, now } = acceptance;
  const isIn = (organisation: SQL) =>
    sql`EXISTS (SELECT 1 FROM members AS own WHERE own.organisation_id = ${organisation} AND own.person_id = ${personId})`;
  const invited = sql`invited.organisation_id`;
  const from = sql`FROM invitations AS invited WHERE invited.id = ${id} AND invited.email = ${email}
    AND invited.role = ${role} AND invited.expires_at > ${now} AND ${invited} IS NOT NULL AND ${memberCount(invited)} < ${memberLimit}`;
  const row = { organisationId: sql`${invited}`, personId, role, createdAt: now };
  const isIt = and(eq(invitations.id, id), eq(invitations.email, email), eq(invitations.role, role), isOpen(now));
  const [, ended] = await directory.batch([
    insertEach(directory, members, row, from).onConflictDoUpdate({
      target: [members.organisationId, members.personId],
      set: { role: sql`excluded.role` },
      setWhere: sql`${rankOf(sql`excluded.role`)} > ${rankOf(sql`${members.role}`)}`,
    }),
    directory
      .delete(invitations)
      .where(and(isIt, isIn(sql`invitations.organisation_id`)))
      .returning({ id: invitations.id }),
    ...auditStatements(directory, audit),
  ]);
  return ended.length > 0;
}

/**
 * Ends an invitation to an organisation. False: nothing was changed, because there is no such one, its role is none of
 * `mayEnd`, or the changer may not do it any more.
 */
export async function deleteInvitation(
  directory: Database,
  { id, organisationId }: Pick<TeamInvitation, 'id' | 'organisationId'>,
  mayEnd: readonly Role[],
  { changer, audit }: TeamWrite,
): Promise<boolean> {
  const isTheirs = and(eq(invitations.id, id), eq(invitations.organisationId, organisationId));
  const isIt = and(isTheirs, sql`${invitations.role} IN ${[...mayEnd]}`);
  const [ended] = await directory.batch([
    directory
      .delete(invitations)
      .where(and(isIt, mayStillChange(organisationId, changer)))
      .returning({ id: invitations.id }),
    ...auditStatements(directory, audit),
  ]);
  return ended.length > 0;
}

/** Deletes the invitations that have expired. `now`: unix ms. */
export async function deleteExpiredInvitations(directory: Database, now: number): Promise<void> {
  await directory.delete(invitations).where(lte(invitations.expiresAt, now));
}

const SENT = {
  id: invitations.id,
  email: invitations.email,
  role: invitations.role,
  expiresAt: invitations.expiresAt,
  inviter: people.email,
};

const isOpen = (now: number) => gt(invitations.expiresAt, now);

const memberCount = (organisation: SQL) =>
  sql`(SELECT count(*) FROM members AS present WHERE present.organisation_id = ${organisation})`;

/** Held in the statement that writes: several people may invite at once. */
function mayInvite({ organisationId, email, createdAt }: TeamInvitation, { limits, changer }: InvitationWrite): SQL {
  const others = sql`(SELECT count(*) FROM invitations AS other WHERE other.organisation_id = ${organisationId}
    AND other.email <> ${email} AND other.expires_at > ${createdAt})`;
  const isMember = sql`EXISTS (SELECT 1 FROM members JOIN people ON people.id = members.person_id
    WHERE members.organisation_id = ${organisationId} AND people.email = ${email})`;
  return sql`${memberCount(sql`${organisationId}`)} < ${limits.members} AND ${others} < ${limits.invitations}
    AND NOT ${isMember} AND ${mayStillChange(organisationId, changer)}`;
}

function selectReceived(directory: Database) {
  return directory
    .select({ ...SENT, organisation: organisations })
    .from(invitations)
    .innerJoin(organisations, eq(organisations.id, invitations.organisationId))
    .leftJoin(people, eq(people.id, invitations.invitedBy));
}
