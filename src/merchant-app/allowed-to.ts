import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { type Action, may } from '../core/rights.ts';
import { listMemberships, type Membership } from '../db/members.ts';
import { type Context as DomainContext, inShard } from '../domain/context.ts';
import { authorise, type Granted, type Refused } from '../domain/members/authorise.ts';
import { finishWorkspace } from '../domain/workspaces/make-workspace.ts';
import type { AppEnv } from './app-env.ts';
import { WORKSPACE_COOKIE } from './cookies.ts';
import { refusedPage } from './pages/refused.tsx';
import type { ShellView } from './pages/shell.tsx';
import { modeOfPath, pathIn } from './paths.ts';
import { personContext } from './person-context.ts';
import type { SignedIn } from './sign-in/auth.ts';
import { askForProof } from './sign-in/fresh-proof.ts';

/** The Hono context of a request of a person in a workspace, after it was found that the person may do what they ask for. */
export interface WorkspaceEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    signedIn: SignedIn;
    /** What the route lets a person do. */
    action: Action;
    /** All workspaces of the person. */
    memberships: readonly Membership[];
    /** The person's membership in the workspace of this request. */
    membership: Membership;
    /** The context for the use cases that the route calls. */
    context: DomainContext;
  };
}

const actions = new WeakMap<object, Action>();

/** What a middleware of `allowedTo` lets a person do. undefined: it is another middleware. */
export const actionOf = (handler: object): Action | undefined => actions.get(handler);

/**
 * Lets in a person who may do this in the workspace that the path names, and sets `c.var.context`, which no route of a
 * workspace gets in another way. Everybody else gets a page that says why, and nothing happens. After `signedIn()`, on a path
 * that begins with `WORKSPACE_PATH`.
 *
 * @example routes.post('/:mode{test|live}/:workspace/team/invitations', allowedTo('members.write'), handler)
 */
export const allowedTo = (action: Action): MiddlewareHandler<WorkspaceEnv> => {
  const middleware = createMiddleware<WorkspaceEnv>(async function allowedTo(c, next) {
    const decision = await decide(c, action);
    if (decision.outcome !== 'granted') return refuse(c, decision);
    c.set('action', action);
    c.set('membership', decision.membership);
    c.set('context', decision.context);
    rememberWorkspace(c, decision.membership.organisation.id);
    return await next();
  });
  actions.set(middleware, action);
  return middleware;
};

/**
 * Makes the two workspaces of an organisation, where that was interrupted, and leads to the first screen. For who may do
 * that. After `signedIn()`, on a path that begins with `WORKSPACE_PATH`.
 *
 * @example routes.post('/:mode{test|live}/:workspace/finish', finishing())
 */
export const finishing = (): MiddlewareHandler<WorkspaceEnv> => {
  const middleware = createMiddleware<WorkspaceEnv>(async function finishing(c) {
    const decision = await decide(c, 'workspace.finish');
    if (decision.outcome === 'unfinished') await finishWorkspace(decision);
    else if (decision.outcome !== 'granted') return refuse(c, decision);
    const { organisation } = decision.membership;
    return c.redirect(pathIn(organisation.id, 'sandbox', 'home'), 303);
  });
  actions.set(middleware, 'workspace.finish');
  return middleware;
};

/** Whether the person who sends this request may do this in the workspace that the path names. */
async function decide(c: Context<WorkspaceEnv>, action: Action): Promise<Granted | Refused> {
  const { signedIn, directory, config } = c.var;
  const memberships = await listMemberships(directory, signedIn.person.id);
  c.set('memberships', memberships);
  const intent = { organisationId: c.req.param('workspace') ?? '', mode: modeOfPath(c.req.param('mode')), action };
  return await authorise(signedIn.person, intent, memberships, {
    platformIn: (shard) => inShard(personContext(c), shard),
    isSetUp: (mode) => config.service.stripe[mode] !== null,
  });
}

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Keeps in the browser which workspace was opened last: /app leads there. */
function rememberWorkspace(c: Context<WorkspaceEnv>, organisationId: string): void {
  if (getCookie(c, WORKSPACE_COOKIE) === organisationId) return;
  const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: A_YEAR_SECONDS } as const;
  setCookie(c, WORKSPACE_COOKIE, organisationId, attributes);
}

/** True where the person who sends this request may do this in its workspace. */
export function mayHere({ var: { membership, context } }: Pick<Context<WorkspaceEnv>, 'var'>, action: Action): boolean {
  return may(membership.role, action, context.workspace.mode);
}

/** What stands around the screen that this request asks for. */
export function shellOf(c: Context<WorkspaceEnv>): ShellView {
  const { language, signedIn, memberships, membership, context } = c.var;
  const { organisation } = membership;
  const { mode, status } = context.workspace;
  return { language, mode, organisation, memberships, isClosed: status === 'suspended', email: signedIn.person.email };
}

function refuse(c: Context<WorkspaceEnv>, decision: Refused) {
  const { language } = c.var;
  switch (decision.outcome) {
    case 'no_member':
      return c.html(refusedPage({ language, why: 'no_member' }), 404);
    case 'role':
      return c.html(
        refusedPage({ language, why: 'role', role: decision.membership.role, needed: decision.needed }),
        403,
      );
    case 'proof':
      return askForProof(c);
    case 'not_set_up':
      return c.html(refusedPage({ language, why: 'not_set_up', sandbox: sandboxPath(decision, 'home') }), 409);
    case 'closed':
      return c.html(refusedPage({ language, why: 'closed' }), 409);
    case 'unfinished': {
      const finish = may(decision.membership.role, 'workspace.finish', 'sandbox')
        ? sandboxPath(decision, 'finish')
        : null;
      return c.html(refusedPage({ language, why: 'unfinished', finish }), 409);
    }
  }
}

function sandboxPath({ membership }: Pick<Granted, 'membership'>, rest: string): string {
  return pathIn(membership.organisation.id, 'sandbox', rest);
}
