import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/core/api-keys.ts';
import { may, ROLES, type Role } from '../../../src/core/rights.ts';
import { auditLog, workspaces } from '../../../src/db/schema.ts';
import { signInSessions } from '../../../src/db/sign-in-schema.ts';
import { invitations, members, organisations } from '../../../src/db/team-schema.ts';
import { PROOF_MS } from '../../../src/domain/members/authorise.ts';
import { TestApp, TestBrowser } from '../support/app.ts';
import { directory, newOrganisation, newPerson, shardOne } from '../support/team.ts';
import { type AppRoute, appRoutes, isGuardedRoute, pathOf, workspaceRoutes } from '../support/workspace-routes.ts';

const app = new TestApp();
const MODES = ['sandbox', 'live'] as const;

interface Somebody {
  readonly id: string;
  readonly browser: TestBrowser;
}

const people = new Map<Role, Somebody>();

beforeAll(async () => {
  for (const role of ROLES) people.set(role, await newPerson(app));
});

function personWith(role: Role): Somebody {
  const person = people.get(role);
  if (!person) throw new Error(`Nobody is ${role}`);
  return person;
}

/** A new workspace in which each person has the role that they are named for, and another owner is left. */
async function ownWorkspace(shard: '0' | '1'): Promise<string> {
  const { id } = await newOrganisation('Harbour Studio', shard);
  const another = await newPerson(app);
  const everybody = [...people].map(([role, { id: personId }]) => ({ role, personId }));
  await directory.insert(members).values(
    [...everybody, { role: 'owner' as const, personId: another.id }].map((member) => ({
      ...member,
      organisationId: id,
      createdAt: 0,
    })),
  );
  return id;
}

function send({ browser }: Somebody, route: AppRoute, workspace: string, mode: Mode): Promise<Response> {
  const path = pathOf(route, workspace, mode);
  return route.method === 'GET' ? browser.get(path) : browser.post(path);
}

/** All that a request about a workspace may have changed. */
async function traces(workspace: string): Promise<unknown> {
  const team = await directory.batch([
    directory.select().from(organisations).where(eq(organisations.id, workspace)),
    directory.select().from(members).where(eq(members.organisationId, workspace)),
    directory.select().from(invitations).where(eq(invitations.organisationId, workspace)),
  ]);
  const pairs = await Promise.all(
    [directory, shardOne].map((database) =>
      database.batch([
        database.select().from(workspaces).where(eq(workspaces.pairId, workspace)),
        database
          .select({ entry: auditLog })
          .from(auditLog)
          .innerJoin(workspaces, eq(workspaces.id, auditLog.workspaceId))
          .where(eq(workspaces.pairId, workspace)),
      ]),
    ),
  );
  return { team, pairs };
}

/** Makes the person's sessions older than a proof of who they are may be. */
async function makeProofStale({ id }: Somebody): Promise<void> {
  const createdAt = new Date(Date.now() - PROOF_MS - 60_000);
  await directory.update(signInSessions).set({ createdAt }).where(eq(signInSessions.userId, id));
}

async function makeProofFresh({ id }: Somebody): Promise<void> {
  await directory.update(signInSessions).set({ createdAt: new Date() }).where(eq(signInSessions.userId, id));
}

/** What is not in a workspace, and so has no line in the table of rights. A new route is written down here, or is in one. */
const OUTSIDE = [
  'GET /',
  'GET /app',
  'GET /app/confirm',
  'GET /app/confirm/code',
  'GET /app/invitations',
  'GET /app/invitations/:id',
  'GET /app/live/home',
  'GET /app/sign-in',
  'GET /app/sign-in/code',
  'GET /app/test/home',
  'GET /app/workspaces/new',
  'POST /app/confirm/code',
  'POST /app/confirm/passkey',
  'POST /app/confirm/passkey/options',
  'POST /app/confirm/send',
  'POST /app/invitations/:id/accept',
  'POST /app/invitations/:id/decline',
  'POST /app/passkeys',
  'POST /app/passkeys/:id/remove',
  'POST /app/passkeys/options',
  'POST /app/sessions/:id/end',
  'POST /app/sessions/end-others',
  'POST /app/sign-in',
  'POST /app/sign-in/code',
  'POST /app/sign-in/passkey',
  'POST /app/sign-in/passkey/options',
  'POST /app/sign-out',
  'POST /app/workspaces',
];

const nameOf = ({ method, path }: AppRoute) => `${method} ${path}`;

const PUBLIC = /^(GET|POST) \/(app\/sign-in.*)?$/;

describe('the routes of the app', () => {
  it('are found in the router', () => {
    expect(appRoutes().length).toBeGreaterThan(5);
    expect(workspaceRoutes().map(nameOf)).toContain('GET /app/:mode{test|live}/:workspace/home');
  });

  it('are all in a workspace, but for those of a person and those that sign in', () => {
    const inside = workspaceRoutes().map(nameOf);
    const outside = appRoutes()
      .map(nameOf)
      .filter((name) => !inside.includes(name));
    expect(outside.sort()).toEqual(OUTSIDE);
  });

  it('in a workspace each say what they let a person do, exactly once', () => {
    expect(workspaceRoutes().filter(({ actions }) => actions.length !== 1)).toEqual([]);
  });

  it('send everybody who is not signed in away, but for those that sign in', async () => {
    const stranger = new TestBrowser(app);
    const { id } = await newOrganisation();
    for (const route of appRoutes().filter((route) => !PUBLIC.test(nameOf(route)))) {
      for (const mode of MODES) {
        const response = await send({ id: '', browser: stranger }, route, id, mode);
        const [to] = (response.headers.get('Location') ?? '').split('?');
        expect([nameOf(route), response.status, to]).toEqual([nameOf(route), 303, '/app/sign-in']);
      }
    }
  });
});

describe.each(workspaceRoutes())('$method $path', (route) => {
  it.each(MODES)('lets only the roles in that may do it, in the %s workspace', async (mode) => {
    const [action] = route.actions;
    if (!action) throw new Error('The route does not say what it lets a person do');
    for (const [n, role] of ROLES.entries()) {
      const workspace = await ownWorkspace(n % 2 === 0 ? '0' : '1');
      const person = personWith(role);
      await makeProofFresh(person);
      const before = await traces(workspace);
      const response = await send(person, route, workspace, mode);
      if (may(role, action, mode)) {
        expect([role, response.status]).not.toEqual([role, 403]);
        expect(response.status).toBeLessThan(500);
        expect(await response.text()).not.toContain('you are not in this workspace');
      } else {
        expect([role, response.status]).toEqual([role, 403]);
        expect(await response.text()).toContain('Your role does not allow this');
        expect(await traces(workspace)).toEqual(before);
      }
    }
  });

  it.each(MODES)('lets nobody in who is not a member, in the %s workspace', async (mode) => {
    const { id: other } = await newOrganisation('Quayside Prints', '1');
    const before = await traces(other);
    for (const role of ROLES) {
      const response = await send(personWith(role), route, other, mode);
      expect(response.status).toBe(404);
      const page = await response.text();
      expect(page).toContain('you are not in this workspace');
      expect(page).not.toContain('Quayside Prints');
    }
    expect(await traces(other)).toEqual(before);
  });

  it.each(MODES.filter((mode) => isGuardedRoute(route, mode)))(
    'asks an owner in the %s workspace to prove again who they are',
    async (mode) => {
      const workspace = await ownWorkspace('1');
      const owner = personWith('owner');
      await makeProofStale(owner);
      const before = await traces(workspace);
      const response = await send(owner, route, workspace, mode);
      if (route.method === 'GET') expect(response.headers.get('Location')).toMatch(/^\/app\/confirm\?to=/);
      else expect(response.status).toBe(403);
      expect(await traces(workspace)).toEqual(before);
    },
  );
});
