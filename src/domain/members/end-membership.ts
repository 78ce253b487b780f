import { isAtLeast } from '../../core/rights.ts';
import { deleteMember, findMember, isLastOwner } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { beginTeamChange, type Team, type TeamRefusal } from './team.ts';

/** `done`: the person is not in the organisation. */
export type EndResult = { readonly outcome: 'done' } | TeamRefusal;

/** Which member goes, and how. */
export interface Ending {
  readonly personId: string;
  readonly action: 'member.leave' | 'member.remove';
}

/**
 * Takes a member out of an organisation, with the open invitations that they have made, unless they are its last owner.
 * Nothing happens where the person is no member. `recordTeamChange` says what a crash leaves.
 */
export async function endMembership(context: Context, team: Team, { personId, action }: Ending): Promise<EndResult> {
  const { directory } = context;
  const { id: organisationId } = team.organisation;
  const member = await findMember(directory, organisationId, personId);
  if (!member) return { outcome: 'done' };
  if (!isAtLeast(team.reach, member.role)) return { outcome: 'above_reach' };
  const known = { organisationId, personId, role: member.role };
  if (await isLastOwner(directory, known)) return { outcome: 'last_owner' };
  const write = await beginTeamChange(context, team, { action, object: personId });
  if (await deleteMember(directory, known, write)) return { outcome: 'done' };
  if ((await findMember(directory, organisationId, personId)) === null) return { outcome: 'done' };
  return { outcome: (await isLastOwner(directory, known)) ? 'last_owner' : 'changed_meanwhile' };
}
