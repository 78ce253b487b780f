import { DEFAULT_SHARD } from '../../core/ids.ts';
import { type Action, isAtLeast, lowerRole, ROLES, type Role } from '../../core/rights.ts';
import { type AuditEntry, auditStatement } from '../../db/audit-log.ts';
import type { Organisation } from '../../db/members.ts';
import type { TeamWrite } from '../../db/team-changes.ts';
import { auditOf, type Context, inShard, type PlatformContext, withWorkspace } from '../context.ts';

/** How many people may be in an organisation, and how many invitations to it may be open. */
export const TEAM_LIMITS = { members: 200, invitations: 50 };

/**
 * An organisation whose team is changed, and the highest role that may be given, changed and taken away. A person who changes
 * it still has this role, or a higher one, when the change is written.
 */
export interface Team {
  readonly organisation: Organisation;
  readonly reach: Role;
}

/** The actions that change a team, and the highest role that each gives, changes and takes away. */
const REACH: Partial<Record<Action, Role>> = { 'members.write': 'admin', 'members.owners': 'owner', leave: 'admin' };

/**
 * The highest role that a person with the role `own` gives, changes and takes away by this action: never above their own.
 * Throws where the action is none that changes a team.
 */
export function reachOf(own: Role, action: Action): Role {
  const reach = REACH[action];
  if (reach === undefined) throw new Error(`${action} is not the right to change a team.`);
  return lowerRole(own, reach);
}

/** Why a team was not changed. */
export type TeamRefusal =
  /** The role before or after the change is above `reach`. */
  | { readonly outcome: 'above_reach' }
  /** The member is the last owner. */
  | { readonly outcome: 'last_owner' }
  /** Somebody else has changed the same just now, or the right of who changes it. */
  | { readonly outcome: 'changed_meanwhile' };

type TeamAction =
  | `member.invite.${Role}`
  | `member.join.${Role}`
  | `member.role.${Role}`
  | 'member.revoke_invitation'
  | 'member.decline_invitation'
  | 'member.remove'
  | 'member.leave';

/** A change of a team for the audit log. `object`: the id of a person or an invitation. */
export interface TeamChange {
  readonly action: TeamAction;
  readonly object: string;
}

/**
 * Makes the audit entry of a change of a team, as an entry of the live workspace. With workspaces in the first shard, the
 * entry is returned, and is written together with the change. Otherwise it is written now, in the database of the
 * workspaces, and null is returned: a crash leaves an entry without its change, and doing the same again completes it.
 */
export async function recordTeamChange(
  context: PlatformContext,
  { id, shard }: Organisation,
  { action, object }: TeamChange,
): Promise<AuditEntry | null> {
  const inOwnShard = withWorkspace(inShard(context, shard), id);
  const entry = auditOf(inOwnShard, action, object);
  if (shard === DEFAULT_SHARD) return entry;
  await auditStatement(inOwnShard.database, entry);
  return null;
}

/** Like `recordTeamChange`, for a change that only a person with the right to it makes, or an operator. */
export async function beginTeamChange(
  context: Context,
  { organisation, reach }: Team,
  change: TeamChange,
): Promise<TeamWrite> {
  const { actor } = context;
  const roles = ROLES.filter((role) => isAtLeast(role, reach));
  const changer = actor.kind === 'person' ? { personId: actor.id, roles } : null;
  return { changer, audit: await recordTeamChange(context, organisation, change) };
}
