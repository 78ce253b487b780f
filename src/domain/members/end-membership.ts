import { countOwners, deleteMember, findMember, type MemberWithEmail, type Organisation } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { recordTeamChange, type TeamRefusal } from './team.ts';

/** `done`: the person is not in the organisation. */
export type EndResult = { readonly outcome: 'done' } | TeamRefusal;

/**
 * Takes a member out of an organisation, unless they are its last owner. `action`: who does it. A member who is removed
 * leaves no open invitations behind.
 *
 * The audit entry is written first: a crash after it leaves an entry and the member, and the same form again completes it.
 */
export async function endMembership(
  context: Context,
  organisation: Organisation,
  { personId, role }: MemberWithEmail,
  action: 'member.leave' | 'member.remove',
): Promise<EndResult> {
  const { directory } = context;
  const { id: organisationId } = organisation;
  const isLastOwner = async () => role === 'owner' && (await countOwners(directory, organisationId)) === 1;
  if (await isLastOwner()) return { outcome: 'last_owner' };
  await recordTeamChange(context, organisation, action, personId);
  const withInvitations = action === 'member.remove';
  if (await deleteMember(directory, { organisationId, personId, role }, { withInvitations }))
    return { outcome: 'done' };
  if ((await findMember(directory, organisationId, personId)) === null) return { outcome: 'done' };
  return { outcome: (await isLastOwner()) ? 'last_owner' : 'changed_meanwhile' };
}
