import { findMember, type Organisation } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { type EndResult, endMembership } from './end-membership.ts';

/**
 * Takes a person out of an organisation because they want it. The last owner stays. Nothing happens where the person is no
 * member. `endMembership` says what a crash leaves.
 */
export async function leave(context: Context, organisation: Organisation, personId: string): Promise<EndResult> {
  const member = await findMember(context.directory, organisation.id, personId);
  return member ? await endMembership(context, organisation, member, 'member.leave') : { outcome: 'done' };
}
