import { findInvitationTo, readTeamSize, takeInvitation } from '../../db/invitations.ts';
import type { Organisation } from '../../db/members.ts';
import type { PlatformContext } from '../context.ts';
import type { Person } from './authorise.ts';
import { recordTeamChange, TEAM_LIMITS } from './team.ts';

/**
 * `joined`: the person is a member. `not_open`: no open invitation for this person has the id. `changed_meanwhile`: it is
 * open, but not as it was read, for example with another role. Nothing has happened.
 */
export type AcceptResult =
  | { readonly outcome: 'joined' | 'too_many_members'; readonly organisation: Organisation }
  | { readonly outcome: 'not_open' | 'changed_meanwhile' };

/**
 * Makes a person a member by an open invitation for their e-mail address. Who is a member already keeps a higher role.
 * `recordTeamChange` says what a crash leaves.
 */
export async function acceptInvitation(
  context: PlatformContext,
  { id: personId, email }: Person,
  id: string,
): Promise<AcceptResult> {
  const { directory } = context;
  const now = context.now();
  const invitation = await findInvitationTo(directory, { id, email, now });
  if (!invitation) return { outcome: 'not_open' };
  const { organisation, role } = invitation;
  const { members } = await readTeamSize(directory, organisation.id, now);
  if (members >= TEAM_LIMITS.members) return { outcome: 'too_many_members', organisation };
  const audit = await recordTeamChange(context, organisation, { action: `member.join.${role}`, object: id });
  const acceptance = { id, role, personId, email, memberLimit: TEAM_LIMITS.members, now };
  const isTaken = await takeInvitation(directory, acceptance, audit);
  if (isTaken) return { outcome: 'joined', organisation };
  return { outcome: (await findInvitationTo(directory, { id, email, now })) ? 'changed_meanwhile' : 'not_open' };
}
