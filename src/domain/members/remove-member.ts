import { isAtLeast } from '../../core/rights.ts';
import { findMember } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { type EndResult, endMembership } from './end-membership.ts';
import type { Team } from './team.ts';

/**
 * Takes somebody out of an organisation, with the invitations that they have made. The last owner stays. Nothing happens
 * where the person is no member. `endMembership` says what a crash leaves.
 */
export async function removeMember(context: Context, team: Team, personId: string): Promise<EndResult> {
  const { organisation, reach } = team;
  const member = await findMember(context.directory, organisation.id, personId);
  if (!member) return { outcome: 'done' };
  if (!isAtLeast(reach, member.role)) return { outcome: 'above_reach' };
  return await endMembership(context, organisation, member, 'member.remove');
}
