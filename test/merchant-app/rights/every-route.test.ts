import { eq } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/core/api-keys.ts';
import { may, ROLES, type Role } from '../../../src/core/rights.ts';
import { auditLog } from '../../../src/db/schema.ts';
import { signInSessions } from '../../../src/db/sign-in-schema.ts';
import { invitations, members } from '../../../src/db/team-schema.ts';
import { PROOF_MS } from '../../../src/domain/members/authorise.ts';
import { TestApp, TestBrowser } from '../support/app.ts';
import { directory, newOrganisation, newPerson } from '../support/team.ts';
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
async function ownWorkspace(): Promise<string> {
  const { id } = await newOrganisation();
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
  return await directory.batch([
    directory.select().from(members).where(eq(members.organisationId, workspace)),
    directory.select().from(invitations).where(eq(invitations.organisationId, workspace)),
    directory.select().from(auditLog).where(eq(auditLog.workspaceId, workspace)),
  ]);
}

/** Makes the person's sessions older than a proof of who they are may be. */
async function makeProofStale({ id }: Somebody): Promise<void> {
  const createdAt = new Date(Date.now() - PROOF_MS - 60_000);
  await directory.update(signInSessions).set({ createdAt }).where(eq(signInSessions.userId, id));
}

async function makeProofFresh({ id }: Somebody): Promise<void> {
  await directory.update(signInSessions).set({ createdAt: new Date() }).where(eq(signInSessions.userId, id));
}

const PUBLIC = /^(GET|POST) \/(app\/sign-in.*)?$/;

describe('the routes of the app', () => {
  it('are found in the router', () => {
    expect(appRoutes().length).toBeGreaterThan(5);
    expect(workspaceRoutes().map(({ method, path }) => `${method} ${path}`)).toContain(
      'GET /app/:mode{test|live}/:workspace/home',
    );
  });

  it('in a workspace each say what they let a person do, exactly once', () => {
    expect(workspaceRoutes().filter(({ actions }) => actions.length !== 1)).toEqual([]);
  });

  it('send everybody who is not signed in away, but for those that sign in', async () => {
    const stranger = new TestBrowser(app);
    const { id } = await newOrganisation();
    for (const route of appRoutes().filter(({ method, path }) => !PUBLIC.test(`${method} ${path}`))) {
      for (const mode of MODES) {
        const response = await send({ id: '', browser: stranger }, route, id, mode);
        const answer = [route.method, route.path, response.status, response.headers.get('Location')];
        expect(answer).toEqual([route.method, route.path, 303, '/app/sign-in']);
      }
    }
  });
});

describe.each(workspaceRoutes())('$method $path', (route) => {
  it.each(MODES)('lets only the roles in that may do it, in the %s workspace', async (mode) => {
    const [action] = route.actions;
    if (!action) throw new Error('The route does not say what it lets a person do');
    for (const role of ROLES) {
      const workspace = await ownWorkspace();
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
    const { id: other } = await newOrganisation('Quayside Prints');
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
      const workspace = await ownWorkspace();
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
