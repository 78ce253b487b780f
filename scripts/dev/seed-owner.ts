import { eq } from 'drizzle-orm';
import type { Database } from '../../src/db/client.ts';
import { people } from '../../src/db/sign-in-schema.ts';
import { members, organisations } from '../../src/db/team-schema.ts';
import { DEMO_OWNER } from './merchant-app/demo-owner.ts';
import { BUSINESS_NAMES } from './seed-demo.ts';

/** The ids of the demo workspace's two halves. */
interface DemoPair {
  readonly id: string;
  readonly sandboxId: string;
}

/**
 * Makes the demo's owner, the organisation of the demo workspace `main`, and the membership that joins them. Can be repeated:
 * what is there stays, and the membership has the role of an owner again. `directory`: the database of the first shard.
 */
export async function seedOwner(directory: Database, { id, sandboxId }: DemoPair): Promise<void> {
  const now = new Date();
  const createdAt = now.getTime();
  const person = { id: crypto.randomUUID(), email: DEMO_OWNER, name: '', createdAt: now, updatedAt: now };
  await directory.batch([
    directory
      .insert(people)
      .values({ ...person, emailVerified: true })
      .onConflictDoNothing({ target: people.email }),
    directory
      .insert(organisations)
      .values({ id, sandboxId, shard: '0', name: BUSINESS_NAMES.main, createdAt })
      .onConflictDoNothing({ target: organisations.id }),
  ]);
  const [owner] = await directory.select({ id: people.id }).from(people).where(eq(people.email, DEMO_OWNER));
  if (!owner) throw new Error(`${DEMO_OWNER} was not saved.`);
  const role = 'owner' as const;
  await directory
    .insert(members)
    .values({ organisationId: id, personId: owner.id, role, createdAt })
    .onConflictDoUpdate({ target: [members.organisationId, members.personId], set: { role } });
}
