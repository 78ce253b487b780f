import { beforeAll, describe, expect, it } from 'vitest';
import type { Mode } from '../../../src/core/api-keys.ts';
import type { Role } from '../../../src/core/rights.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { members } from '../../../src/db/team-schema.ts';
import { TestApp } from '../support/app.ts';
import { addOneOfEach, rowsOf } from '../support/everything.ts';
import { memberAt } from '../support/screens.ts';
import { directory, newOrganisation, newPerson } from '../support/team.ts';
import { type AppRoute, pathOf, workspaceRoutes } from '../support/workspace-routes.ts';

const app = new TestApp();

/** Each route that has an id besides that of the workspace, with the modes in which it exists. */
const ROUTES = workspaceRoutes()
  .filter(({ path }) => path.split('/:').length > 3)
  .flatMap((route): { route: AppRoute; mode: Mode; name: string }[] => {
    const modes = route.path.endsWith('/from-sandbox') ? (['live'] as const) : (['sandbox', 'live'] as const);
    return modes.map((mode) => ({ route, mode, name: `${route.method} ${route.path.split(':workspace/')[1]}` }));
  });

/** Fields that the forms need before they look for what the id names. */
const FIELDS = { from: 'viewer', role: 'developer' };

type Ids = ReadonlyMap<string, string>;
interface Filled {
  readonly pair: Organisation;
  readonly ids: Readonly<Record<Mode, Ids>>;
}

let owner: Awaited<ReturnType<typeof newPerson>>;
let viewer: typeof owner;
let stranger: typeof owner;
let own: Filled;
let other: Filled;
let before: Record<string, unknown>;

/** A new workspace pair with these people, and one of everything in each of its workspaces. */
async function filled(people: readonly { readonly personId: string; readonly role: Role }[]): Promise<Filled> {
  const pair = await newOrganisation();
  await directory.insert(members).values(people.map((one) => ({ ...one, organisationId: pair.id, createdAt: 1 })));
  const member: [string, string] = ['members', people.find(({ role }) => role === 'viewer')?.personId ?? ''];
  const idsIn = async (mode: Mode) => new Map([...(await addOneOfEach(memberAt(owner.browser, pair, mode))), member]);
  return { pair, ids: { sandbox: await idsIn('sandbox'), live: await idsIn('live') } };
}

const ownPair = () =>
  filled([
    { personId: owner.id, role: 'owner' },
    { personId: viewer.id, role: 'viewer' },
  ]);

/** Sends a request of the owner. A link that is copied to live is one of the sandbox. */
async function send({ route, mode }: (typeof ROUTES)[number], pair: Organisation, ids?: Filled['ids']) {
  const named = ids?.[route.path.endsWith('/from-sandbox') ? 'sandbox' : mode];
  const path = pathOf(route, pair.id, mode, named);
  if (ids) expect(path).not.toContain('unknown');
  const { browser } = owner;
  const response = await (route.method === 'GET' ? browser.get(path) : browser.post(path, FIELDS));
  return { status: response.status, location: response.headers.get('Location') };
}

beforeAll(async () => {
  [owner, viewer, stranger] = [await newPerson(app), await newPerson(app), await newPerson(app)];
  [own, other] = [await ownPair(), await filled([{ personId: stranger.id, role: 'viewer' }])];
  before = await rowsOf([own.pair, other.pair]);
});

describe.each(ROUTES)('$name, in the $mode workspace', (request) => {
  it('finds what is in the workspace', async () => {
    // A form may end what it finds, so each has a workspace of its own.
    const { pair, ids } = request.route.method === 'GET' ? own : await ownPair();
    expect((await send(request, pair, ids)).status).not.toBe(404);
  });

  it('finds nothing of another workspace, and changes nothing in either', async () => {
    const answer = await send(request, own.pair, other.ids);
    if (answer.status !== 404) expect(answer).toEqual(await send(request, own.pair));
    expect(await rowsOf([own.pair, other.pair])).toEqual(before);
  });
});
