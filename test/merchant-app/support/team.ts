import { eq } from 'drizzle-orm';
import type { Role } from '../../../src/core/rights.ts';
import { type Database, openDatabase } from '../../../src/db/client.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { workspaces } from '../../../src/db/schema.ts';
import { people } from '../../../src/db/sign-in-schema.ts';
import { members, organisations } from '../../../src/db/team-schema.ts';
import { DB, DB_1, type TestApp, TestBrowser } from './app.ts';

/** The database of the first shard, and that of the shard 1. */
export const directory: Database = openDatabase(DB);
export const shardOne: Database = openDatabase(DB_1);

let number = 0;

/** An e-mail address that no other test uses. */
export function newEmail(): string {
  number += 1;
  return `person.${number}.${crypto.randomUUID().slice(0, 8)}@example.com`;
}

/** A new workspace pair with nobody in it. `shard`: that of its two workspaces. */
export async function newOrganisation(name = 'Harbour Studio', shard: '0' | '1' = '0'): Promise<Organisation> {
  const now = Date.now();
  const organisation = { id: crypto.randomUUID(), sandboxId: crypto.randomUUID(), shard, name, createdAt: now };
  const common = { pairId: organisation.id, name, status: 'active', createdAt: now, updatedAt: now } as const;
  await directory.insert(organisations).values(organisation);
  await (shard === '0' ? directory : shardOne).insert(workspaces).values([
    { ...common, id: organisation.id, mode: 'live' },
    { ...common, id: organisation.sandboxId, mode: 'sandbox' },
  ]);
  return organisation;
}

/** A browser in which somebody new is signed in. */
export async function newPerson(app: TestApp): Promise<{ id: string; email: string; browser: TestBrowser }> {
  const browser = new TestBrowser(app);
  const email = newEmail();
  await browser.signIn(email);
  const [person] = await directory.select().from(people).where(eq(people.email, email));
  if (!person) throw new Error(`${email} could not sign in`);
  return { id: person.id, email, browser };
}

/** Somebody new who is signed in, and is a member with this role. */
export async function newMember(app: TestApp, { id }: Organisation, role: Role) {
  const person = await newPerson(app);
  await directory.insert(members).values({ organisationId: id, personId: person.id, role, createdAt: Date.now() });
  return person;
}
