import { eq } from 'drizzle-orm';
import type { Database } from './client.ts';
import { members, organisations } from './team-schema.ts';

export type Organisation = typeof organisations.$inferSelect;
export type Member = typeof members.$inferSelect;

/** An organisation that a person belongs to, and the person's role there. */
export interface Membership {
  readonly organisation: Organisation;
  readonly role: Member['role'];
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
