import { and, count, eq, gt, isNull, type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import type { Member, Organisation } from './members.ts';
import { invitations, members, organisations } from './team-schema.ts';

/** An organisation that a person wants to make. */
export interface OrganisationToMake {
  readonly organisation: Organisation;
  readonly personId: string;
  /** In lower case. An invitation of this address to make a workspace is used up. */
  readonly email: string;
  /** Whether it is only made by somebody with such an invitation. */
  readonly needsInvitation: boolean;
  /** In so many organisations may the person be, with this one. */
  readonly most: number;
}

/** Why a person may not make an organisation: they are in too many already, or have no invitation to make one. */
export type NotAllowed = 'too_many' | 'not_invited';

/** An organisation with the role of a person there; null: the person is no member. */
export interface StoredOrganisation {
  readonly organisation: Organisation;
  readonly role: Member['role'] | null;
}

/**
 * Makes an organisation with its first owner, and returns what is stored under its id. An organisation that is there
 * already stays as it is, and gets no member: who was removed does not come back. Otherwise nothing is written, and it says
 * why.
 */
export async function insertOrganisation(
  directory: Database,
  { organisation, personId, email, needsInvitation, most }: OrganisationToMake,
): Promise<StoredOrganisation | NotAllowed> {
  const { id, createdAt } = organisation;
  const own = countStatement(directory, personId);
  const isInvited = sql`EXISTS ${openInvitations(directory, email, createdAt)}`;
  const mayMake = sql`(${own}) < ${most} AND ${needsInvitation ? isInvited : sql`TRUE`}`;
  const isMade: SQL = sql`changes() > 0`;
  const owner = { organisationId: id, personId, role: 'owner', createdAt } as const;
  const [, , , [stored], [counted]] = await directory.batch([
    insertIf(directory, organisations, organisation, mayMake).onConflictDoNothing({ target: organisations.id }),
    insertIf(directory, members, owner, isMade),
    directory.delete(invitations).where(and(isToMake(email), isMade)),
    storedStatement(directory, id, personId),
    own,
  ]);
  if (stored) return stored;
  return counted && counted.total >= most ? 'too_many' : 'not_invited';
}

/** Stores a workspace pair as an organisation, unless it is one. Returns what is stored. */
export async function adoptOrganisation(directory: Database, organisation: Organisation): Promise<Organisation> {
  const [, [stored]] = await directory.batch([
    directory.insert(organisations).values(organisation).onConflictDoNothing(),
    directory.select().from(organisations).where(eq(organisations.id, organisation.id)),
  ]);
  return stored ?? organisation;
}

/** The organisation of a workspace pair. null: it has none. `id`: of the live workspace. */
export async function readOrganisation(directory: Database, id: string): Promise<Organisation | null> {
  const [row] = await directory.select().from(organisations).where(eq(organisations.id, id)).limit(1);
  return row ?? null;
}

/** What is known before a person makes an organisation. */
export interface KnownOfMaker {
  /** The organisation with the id that the new one would have. null: there is none. */
  readonly stored: StoredOrganisation | null;
  /** In how many organisations the person is. */
  readonly memberships: number;
  /** Whether an operator has invited the address to make one. */
  readonly isInvited: boolean;
}

/** Reads what decides whether a person may make an organisation. `email`: in lower case. `now`: unix ms. One round trip. */
export async function readMaker(
  directory: Database,
  { id, personId, email, now }: Readonly<Record<'id' | 'personId' | 'email', string>> & { readonly now: number },
): Promise<KnownOfMaker> {
  const [[stored], [counted], invited] = await directory.batch([
    storedStatement(directory, id, personId),
    countStatement(directory, personId),
    openInvitations(directory, email, now),
  ]);
  return { stored: stored ?? null, memberships: counted?.total ?? 0, isInvited: invited.length > 0 };
}

/** Gives an organisation another name, if there is one with this id. */
export async function renameOrganisation(directory: Database, id: string, name: string): Promise<void> {
  await directory.update(organisations).set({ name }).where(eq(organisations.id, id));
}

function storedStatement(directory: Database, id: string, personId: string) {
  return directory
    .select({ organisation: organisations, role: members.role })
    .from(organisations)
    .leftJoin(members, and(eq(members.organisationId, organisations.id), eq(members.personId, personId)))
    .where(eq(organisations.id, id));
}

function countStatement(directory: Database, personId: string) {
  return directory.select({ total: count() }).from(members).where(eq(members.personId, personId));
}

function openInvitations(directory: Database, email: string, now: number) {
  return directory
    .select({ id: invitations.id })
    .from(invitations)
    .where(and(isToMake(email), gt(invitations.expiresAt, now)))
    .limit(1);
}

function isToMake(email: string) {
  return and(eq(invitations.email, email), isNull(invitations.organisationId));
}
