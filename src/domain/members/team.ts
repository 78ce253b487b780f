import { type Action, lowerRole, type Role } from '../../core/rights.ts';
import { auditStatement } from '../../db/audit-log.ts';
import type { Organisation } from '../../db/members.ts';
import { auditOf, inShard, type PlatformContext, withWorkspace } from '../context.ts';

/** How many people may be in an organisation, and how many invitations to it may be open. */
export const TEAM_LIMITS = { members: 200, invitations: 50 };

/** An organisation whose team is changed, and the highest role that may be given, changed and taken away. */
export interface Team {
  readonly organisation: Organisation;
  readonly reach: Role;
}

/** The actions that change a team, and the highest role that each gives, changes and takes away. */
const REACH: Partial<Record<Action, Role>> = { 'members.write': 'admin', 'members.owners': 'owner' };

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
  /** Somebody else has changed the same just now. */
  | { readonly outcome: 'changed_meanwhile' };

type TeamAction =
  | 'member.invite'
  | 'member.revoke_invitation'
  | 'member.decline_invitation'
  | 'member.join'
  | 'member.role'
  | 'member.remove'
  | 'member.leave';

/**
 * Writes the audit entry of a change of a team, in the database of its workspaces, as an entry of the live workspace.
 * `object`: the id of a person or an invitation. It is written before the change, which is in another database: a crash
 * between the two leaves an entry without its change, and doing the same again completes it.
 */
export async function recordTeamChange(
  context: PlatformContext,
  { id, shard }: Organisation,
  action: TeamAction,
  object: string,
): Promise<void> {
  const inOwnShard = withWorkspace(inShard(context, shard), id);
  await auditStatement(inOwnShard.database, auditOf(inOwnShard, action, object));
}
