import type { Context } from '../context.ts';
import { type EndResult, endMembership } from './end-membership.ts';
import type { Team } from './team.ts';

/**
 * Takes a person out of an organisation because they want it, with the invitations that they have made. The last owner stays.
 * Nothing happens where the person is no member. `endMembership` says what a crash leaves.
 */
export async function leave(context: Context, team: Team, personId: string): Promise<EndResult> {
  return await endMembership(context, team, { personId, action: 'member.leave' });
}
