import type { Mode } from './api-keys.ts';
import { isGrantable, SERVICE_WILDCARD } from './scopes.ts';

/** The roles of a person in a workspace. Each may do what those before it may. */
export const ROLES = ['viewer', 'developer', 'admin', 'owner'] as const;

export type Role = (typeof ROLES)[number];

interface Right {
  /** The least role that may do it in the sandbox workspace. */
  readonly sandbox: Role;
  /** The least role that may do it in the live workspace. */
  readonly live: Role;
  /** Where it is done only soon after the person has proved who they are. Not set: in neither mode. */
  readonly guarded?: readonly Mode[];
  /** Whether it can still be done in a workspace that is closed. Not set: no. */
  readonly whileClosed?: true;
}

const BOTH: readonly Mode[] = ['sandbox', 'live'];

/** Everything that a person can do in a workspace through the merchant app, and who may do it. */
const RIGHTS = {
  /** Reading everything but secrets. */
  read: { sandbox: 'viewer', live: 'viewer', whileClosed: true },
  /** Leaving the workspace oneself. */
  leave: { sandbox: 'viewer', live: 'viewer', whileClosed: true },
  'links.write': { sandbox: 'developer', live: 'developer' },
  'keys.write': { sandbox: 'developer', live: 'admin', guarded: ['live'] },
  'webhooks.write': { sandbox: 'developer', live: 'admin' },
  'refunds.create': { sandbox: 'developer', live: 'admin' },
  'profile.write': { sandbox: 'admin', live: 'admin' },
  'account.connect': { sandbox: 'admin', live: 'admin' },
  'account.disconnect': { sandbox: 'owner', live: 'owner', guarded: BOTH, whileClosed: true },
  /** Inviting, changing and removing people up to the role admin. */
  'members.write': { sandbox: 'admin', live: 'admin', whileClosed: true },
  /** Inviting, making and removing owners. */
  'members.owners': { sandbox: 'owner', live: 'owner', guarded: BOTH, whileClosed: true },
  /** Making the two workspaces of a pair, where that was interrupted. */
  'workspace.finish': { sandbox: 'owner', live: 'owner', whileClosed: true },
  'workspace.close': { sandbox: 'owner', live: 'owner', guarded: BOTH, whileClosed: true },
} as const satisfies Record<string, Right>;

export type Action = keyof typeof RIGHTS;

const rightOf = (action: Action): Right => RIGHTS[action];

/** True where a person with this role may do this in a workspace of this mode. */
export function may(role: Role, action: Action, mode: Mode): boolean {
  return isAtLeast(role, rightOf(action)[mode]);
}

/** The least role that may do this in a workspace of this mode. */
export function leastRole(action: Action, mode: Mode): Role {
  return rightOf(action)[mode];
}

/** True where this is done only soon after the person has proved who they are. */
export function isGuarded(action: Action, mode: Mode): boolean {
  return rightOf(action).guarded?.includes(mode) ?? false;
}

/** True where this can still be done in a workspace that is closed: reading, the team, and cutting the tie to Stripe. */
export function mayWhileClosed(action: Action): boolean {
  return rightOf(action).whileClosed ?? false;
}

/** True where `role` may do all that `other` may. */
export function isAtLeast(role: Role, other: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(other);
}

/** The lower of two roles. */
export function lowerRole(one: Role, other: Role): Role {
  return isAtLeast(one, other) ? other : one;
}

/** The roles from the lowest up to this one. */
export function rolesUpTo(role: Role): Role[] {
  return ROLES.filter((other) => isAtLeast(role, other));
}

/** The role that a text names. null: it names none. */
export function readRole(text: string | null): Role | null {
  return ROLES.find((role) => role === text) ?? null;
}

/** In live, only an owner gives a key these scopes. */
const OWNERS_SCOPES = ['service.payments.account.write', SERVICE_WILDCARD];

/**
 * True where a person with this role may give all these scopes to a key of a workspace of this mode. Nobody may give `*`,
 * nor what is no scope.
 */
export function mayGrantScopes(role: Role, mode: Mode, scopes: readonly string[]): boolean {
  const hasAll = mode === 'sandbox' || role === 'owner';
  const mayGrant = (scope: string) => scope !== '*' && isGrantable(scope) && (hasAll || !OWNERS_SCOPES.includes(scope));
  return may(role, 'keys.write', mode) && scopes.every(mayGrant);
}
