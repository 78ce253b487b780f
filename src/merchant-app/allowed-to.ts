import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import type { Action } from '../core/rights.ts';
import { listMemberships, type Membership } from '../db/members.ts';
import type { Context as DomainContext } from '../domain/context.ts';
import { authorise, type Refused } from '../domain/members/authorise.ts';
import { makeContext } from '../make-context.ts';
import type { AppEnv } from './app-env.ts';
import type { SignedIn } from './auth.ts';
import { WORKSPACE_COOKIE } from './cookies.ts';
import { askForProof } from './fresh-proof.ts';
import { refusedPage } from './pages/refused.tsx';
import type { ShellView } from './pages/shell.tsx';
import { modeOfPath } from './paths.ts';
import type { SignedInEnv } from './signed-in.ts';

/** The Hono context of a request of a person in a workspace, after it was found that the person may do what they ask for. */
export interface WorkspaceEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    signedIn: SignedIn;
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
    const { signedIn, directory } = c.var;
    const memberships = await listMemberships(directory, signedIn.person.id);
    const intent = { organisationId: c.req.param('workspace') ?? '', mode: modeOfPath(c.req.param('mode')), action };
    const decision = await authorise(signedIn.person, intent, memberships, (shard) => platformIn(c, shard));
    if (decision.outcome !== 'granted') return refuse(c, decision);
    c.set('memberships', memberships);
    c.set('membership', decision.membership);
    c.set('context', decision.context);
    rememberWorkspace(c, intent.organisationId);
    return await next();
  });
  actions.set(middleware, action);
  return middleware;
};

/** The context of a shard, in which the person who sends this request acts. */
export function platformIn(c: Pick<Context<SignedInEnv>, 'env' | 'req' | 'var'>, shard: string) {
  const { config, requestId, signedIn } = c.var;
  const address = c.req.header('CF-Connecting-IP') ?? null;
  const actor = { kind: 'person', id: signedIn.person.id, address } as const;
  const context = makeContext(c.env, config.service, { shard, actor, requestId });
  // No webhook is sent to the app either, and Stripe may send a merchant back here.
  const ownHosts = [...context.webhookUrlRules.ownHosts, new URL(config.appUrl).host];
  return { ...context, webhookUrlRules: { ...context.webhookUrlRules, ownHosts } };
}

const A_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Keeps in the browser which workspace was opened last: /app leads there. */
function rememberWorkspace(c: Context<WorkspaceEnv>, organisationId: string): void {
  if (getCookie(c, WORKSPACE_COOKIE) === organisationId) return;
  const attributes = { path: '/', secure: true, httpOnly: true, sameSite: 'Lax', maxAge: A_YEAR_SECONDS } as const;
  setCookie(c, WORKSPACE_COOKIE, organisationId, attributes);
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
    case 'unfinished':
      return c.html(
        refusedPage({ language, why: 'unfinished', organisationId: decision.membership.organisation.id }),
        409,
      );
  }
}
