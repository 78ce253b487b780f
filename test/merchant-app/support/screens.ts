import type { Mode } from '../../../src/core/api-keys.ts';
import type { Role } from '../../../src/core/rights.ts';
import type { Organisation } from '../../../src/db/members.ts';
import { findWorkspace } from '../../../src/db/workspaces.ts';
import { type Context, inWorkspace } from '../../../src/domain/context.ts';
import { configOf } from '../../../src/env.ts';
import { makeContext } from '../../../src/make-context.ts';
import { bindings, type TestApp, type TestBrowser } from './app.ts';
import { newMember, newOrganisation } from './team.ts';

/** Somebody in a workspace of their own. */
export interface AtWork {
  readonly browser: TestBrowser;
  readonly organisation: Organisation;
  /** The id of the workspace of this mode. */
  workspaceId: string;
  /** The path of a screen of this workspace. */
  path(rest: string): string;
  /** The context of an operator in this workspace. */
  context(): Promise<Context>;
}

/** A new workspace, and somebody in it with this role. */
export async function atWork(
  app: TestApp,
  { role = 'owner', mode = 'sandbox', shard = '0' }: { role?: Role; mode?: Mode; shard?: '0' | '1' } = {},
): Promise<AtWork> {
  const organisation = await newOrganisation('Harbour Studio', shard);
  const { browser } = await newMember(app, organisation, role);
  return memberAt(browser, organisation, mode);
}

/** Somebody who is a member already, in the workspace of this mode. */
export function memberAt(browser: TestBrowser, organisation: Organisation, mode: Mode): AtWork {
  const workspaceId = mode === 'live' ? organisation.id : organisation.sandboxId;
  return {
    browser,
    organisation,
    workspaceId,
    path: (rest) => `/app/${mode === 'live' ? 'live' : 'test'}/${organisation.id}/${rest}`,
    context: () => contextOf(workspaceId, organisation.shard),
  };
}

/** The context of an actor in a workspace: an operator, unless the test says otherwise. */
export async function contextOf(
  workspaceId: string,
  shard: string,
  actor: Context['actor'] = { kind: 'operator' },
): Promise<Context> {
  const config = configOf(bindings);
  if (!config.ok) throw new Error(config.faults.join('; '));
  const platform = makeContext(bindings, config.config, { shard, actor, requestId: null });
  const owner = await findWorkspace(platform.database, workspaceId);
  if (!owner) throw new Error(`There is no workspace ${workspaceId}`);
  return inWorkspace(platform, owner);
}

/** The page of an answer, which must have this status. */
export async function pageOf(response: Response, status = 200): Promise<string> {
  const page = await response.text();
  if (response.status !== status) throw new Error(`${response.status} instead of ${status}: ${page.slice(0, 2000)}`);
  return page;
}

/** The random id of the form on a page. */
export function formIdOf(page: string): string {
  const id = /name="form" value="([0-9A-Za-z]+)"/.exec(page)?.[1];
  if (id === undefined) throw new Error('The page has no form with an id');
  return id;
}

/** The text of a page, without tags. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&gt;', '>')
    .replaceAll('&lt;', '<')
    .replaceAll(/\s+/g, ' ');
}
