import { isAtLeast, type Role } from '../../core/rights.ts';
import { countOwners, findMember, updateRole } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { recordTeamChange, type Team, type TeamRefusal } from './team.ts';

/** `done`: the member has the role. `no_member`: the person is not in the organisation. */
export type ChangeRoleResult = { readonly outcome: 'done' | 'no_member' } | TeamRefusal;

/**
 * Gives a member another role. The last owner stays owner. Open invitations that the member has made for a role above the
 * new one end. A member who has the role already is left as they are.
 *
 * The audit entry is written first: a crash after it leaves an entry and the role as it was, and the same form again
 * completes it.
 */
export async function changeRole(
  context: Context,
  { organisation, reach }: Team,
  { personId, role }: { readonly personId: string; readonly role: Role },
): Promise<ChangeRoleResult> {
  const { directory } = context;
  const { id: organisationId } = organisation;
  const member = await findMember(directory, organisationId, personId);
  if (!member) return { outcome: 'no_member' };
  if (!isAtLeast(reach, role) || !isAtLeast(reach, member.role)) return { outcome: 'above_reach' };
  if (member.role === role) return { outcome: 'done' };
  const isLastOwner = async () => member.role === 'owner' && (await countOwners(directory, organisationId)) === 1;
  if (await isLastOwner()) return { outcome: 'last_owner' };
  await recordTeamChange(context, organisation, 'member.role', personId);
  if (await updateRole(directory, { organisationId, personId, role: member.role }, role)) return { outcome: 'done' };
  return { outcome: (await isLastOwner()) ? 'last_owner' : 'changed_meanwhile' };
}
