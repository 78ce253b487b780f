import { eq } from 'drizzle-orm';
import type { Mode } from '../../../src/core/api-keys.ts';
import type { Role } from '../../../src/core/rights.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { auditLog } from '../../../src/db/schema.ts';
import { people } from '../../../src/db/sign-in-schema.ts';
import { invitations, members } from '../../../src/db/team-schema.ts';
import { pathIn } from '../../../src/merchant-app/paths.ts';
import type { TestBrowser } from './app.ts';
import { directory, shardOne } from './team.ts';

/** The members of an organisation: e-mail address and role. */
export async function membersOf({ id }: Organisation): Promise<Record<string, Role>> {
  const rows = await directory
    .select({ email: people.email, role: members.role })
    .from(members)
    .innerJoin(people, eq(people.id, members.personId))
    .where(eq(members.organisationId, id));
  return Object.fromEntries(rows.map(({ email, role }) => [email, role]));
}

/** The invitations to an organisation. */
export async function invitationsOf({ id }: Organisation) {
  return await directory.select().from(invitations).where(eq(invitations.organisationId, id));
}

/** The audit entries of a workspace pair, the oldest first, in the database of its shard and nowhere else. */
export async function auditOf({ id, shard }: Organisation) {
  const [own, other] = shard === '0' ? [directory, shardOne] : [shardOne, directory];
  const stray = await other.select().from(auditLog).where(eq(auditLog.workspaceId, id));
  if (stray.length > 0) throw new Error('Audit entries are in another database than their workspace');
  return await own.select().from(auditLog).where(eq(auditLog.workspaceId, id)).orderBy(auditLog.id);
}

/** The actions in the audit log of a workspace pair, the oldest first. */
export async function actionsOf(organisation: Organisation): Promise<string[]> {
  return (await auditOf(organisation)).map(({ action }) => action);
}

/** Makes a form of a workspace's pages: `send('team/invitations', { email, role })`. */
export function formsOf(browser: TestBrowser, { id }: Organisation, mode: Mode = 'live') {
  return (path: string, fields: Record<string, string> = {}) => browser.post(pathIn(id, mode, path), fields);
}

/** What a visitor sees of an answer. */
export async function seen(response: Response) {
  return { status: response.status, location: response.headers.get('Location'), text: await response.text() };
}
