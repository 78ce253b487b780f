import { isAtLeast, type Role } from '../../core/rights.ts';
import { findMember, isLastOwner, updateRole } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { beginTeamChange, type Team, type TeamRefusal } from './team.ts';

/** `done`: the member has the role. `no_member`: the person is not in the organisation. */
export type ChangeRoleResult = { readonly outcome: 'done' | 'no_member' } | TeamRefusal;

/** Who gets which role. `from`: the role that the form was shown with. */
export interface RoleChange {
  readonly personId: string;
  readonly from: Role;
  readonly role: Role;
}

/**
 * Gives a member another role. The last owner stays owner. Open invitations that the member has made for a role above the
 * new one end. A member who has the role already is left as they are, and so is one who has another role than `from` by now.
 * `recordTeamChange` says what a crash leaves.
 */
export async function changeRole(
  context: Context,
  team: Team,
  { personId, from, role }: RoleChange,
): Promise<ChangeRoleResult> {
  const { directory } = context;
  const { organisation, reach } = team;
  const member = await findMember(directory, organisation.id, personId);
  if (!member) return { outcome: 'no_member' };
  if (!isAtLeast(reach, role) || !isAtLeast(reach, member.role)) return { outcome: 'above_reach' };
  if (member.role === role) return { outcome: 'done' };
  if (member.role !== from) return { outcome: 'changed_meanwhile' };
  const known = { organisationId: organisation.id, personId, role: from };
  if (await isLastOwner(directory, known)) return { outcome: 'last_owner' };
  const write = await beginTeamChange(context, team, { action: `member.role.${role}`, object: personId });
  if (await updateRole(directory, known, role, write)) return { outcome: 'done' };
  return { outcome: (await isLastOwner(directory, known)) ? 'last_owner' : 'changed_meanwhile' };
}
