import { eq, inArray } from 'drizzle-orm';
import { expect } from 'vitest';
import type { DatabaseBindings } from '../../../src/core/shards.ts';
import { auditLog, workspaces } from '../../../src/db/schema.ts';
import { invitations, members, organisations } from '../../../src/db/team-schema.ts';
import { wrapD1 } from '../../worker/support/counting.ts';
import { DB, DB_1, type TestBrowser } from './app.ts';
import { formIdOf, pageOf } from './screens.ts';
import { directory, shardOne } from './team.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Opens the page with a new form. Throws if it has none. */
export async function openForm(browser: TestBrowser): Promise<string> {
  const { headers } = await browser.get('/app/workspaces/new');
  return formIdOf(await pageOf(await browser.get(headers.get('Location') ?? '')));
}

export const formPath = (form: string) => `/app/workspaces/new?form=${form}`;

/** Opens the page, and sends its form. */
export async function make(browser: TestBrowser, name: string): Promise<Response> {
  return await browser.post('/app/workspaces', { form: await openForm(browser), name });
}

/** The id of the organisation in whose workspace a redirect leads. Throws if the answer is none. */
export function idIn(response: Response): string {
  const [, id] = /^\/app\/test\/([^/]+)\/home$/.exec(response.headers.get('Location') ?? '') ?? [];
  if (id === undefined) throw new Error(`${response.status} leads nowhere`);
  return id;
}

const inShard =
  (shard: number) =>
  <Row>(row: Row) => ({ ...row, shard: String(shard) });

/** All organisations that a person is in, with all that belongs to them, in both databases. */
export async function madeBy(personId: string) {
  const rows = await directory
    .select()
    .from(members)
    .innerJoin(organisations, eq(organisations.id, members.organisationId))
    .where(eq(members.personId, personId));
  return await Promise.all(
    rows.map(async ({ members: { role }, organisations: organisation }) => {
      const { id, sandboxId } = organisation;
      const inBoth = [directory, shardOne].map(async (database, shard) => ({
        pair: (await database.select().from(workspaces).where(eq(workspaces.pairId, id))).map(inShard(shard)),
        audit: (
          await database
            .select()
            .from(auditLog)
            .where(inArray(auditLog.object, [id, sandboxId]))
        ).map(inShard(shard)),
      }));
      const found = await Promise.all(inBoth);
      const [pair, audit] = [found.flatMap((one) => one.pair), found.flatMap((one) => one.audit)];
      return { role, organisation, pair, audit };
    }),
  );
}

/** Expects that a person has made this one workspace pair, once. */
export async function expectOne(personId: string, name: string) {
  const [made, ...others] = await madeBy(personId);
  if (!made) throw new Error('Nothing was made');
  expect(others).toEqual([]);
  const { id, sandboxId, shard } = made.organisation;
  expect(made).toMatchObject({ role: 'owner', organisation: { name } });
  const common = { pairId: id, name, status: 'active', shard };
  expect(made.pair).toHaveLength(2);
  expect(made.pair).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...common, id, mode: 'live' }),
      expect.objectContaining({ ...common, id: sandboxId, mode: 'sandbox' }),
    ]),
  );
  const entry = {
    shard,
    action: 'workspace.create',
    actor: `person:${personId}`,
    address: expect.stringMatching(/^10\.\d+\.\d+\.\d+$/),
  };
  expect(made.audit).toHaveLength(2);
  expect(made.audit).toEqual(
    expect.arrayContaining(
      [id, sandboxId].map((object) => expect.objectContaining({ ...entry, object, workspaceId: object })),
    ),
  );
  return made.organisation;
}

/** An operator invites an address to make a workspace. */
export const invite = (email: string, expiresAt = Date.now() + DAY_MS) =>
  directory.insert(invitations).values({
    id: crypto.randomUUID(),
    organisationId: null,
    email,
    role: 'owner',
    invitedBy: null,
    expiresAt,
    createdAt: Date.now(),
  });
export const invited = async (email: string) =>
  (await directory.select().from(invitations).where(eq(invitations.email, email))).length;

/** Makes one database much larger than the other. Rows of it stay until the test's file ends. */
export async function fill(database: D1Database): Promise<void> {
  await database.prepare('CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)').run();
  await database.prepare('INSERT INTO ballast VALUES (zeroblob(1000000))').run();
}

export type When = 'before' | 'after';

/** The databases of an app, of which one round trip can fail, or it and all that follow. */
export function breakable() {
  let fails = (_trip: number) => false;
  let when: When = 'before';
  let trips = 0;
  const databases: DatabaseBindings = wrapD1({ DB, DB_1 }, async (call) => {
    trips += 1;
    const lost = fails(trips) ? new Error('D1_ERROR: Network connection lost.') : null;
    if (lost && when === 'before') throw lost;
    const answer = await call();
    if (lost) throw lost;
    return answer;
  });
  /** Sends a request while these round trips fail, and answers how many there were. */
  const during = async (isLost: typeof fails, lostWhen: When, send: () => Promise<Response>) => {
    [fails, when, trips] = [isLost, lostWhen, 0];
    const answer = await send();
    fails = () => false;
    return { answer, trips };
  };
  return { databases, during };
}
