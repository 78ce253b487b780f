import { findInvitationOf, type Invitation } from '../../db/invitations.ts';
import type { Context } from '../context.ts';
import { type Invitee, type InviteResult, isRepeat, storeInvitation } from './store-invitation.ts';
import type { Team } from './team.ts';

/**
 * Invites an address to an organisation for 7 days. An open invitation of the address is renewed, with this role. The same
 * again within a minute writes nothing, and is `repeated`. Sends no mail. `recordTeamChange` says what a crash leaves.
 */
export async function invite(context: Context, team: Team, invitee: Invitee): Promise<InviteResult> {
  const before = await findInvitationOf(context.directory, team.organisation.id, invitee.email);
  return await storeInvitation(context, team, invitee, before);
}

/** The invitation that `invite` would only repeat. null: there is none. */
export async function findRepeated(
  context: Context,
  { organisation }: Team,
  { email, role }: Invitee,
): Promise<Invitation | null> {
  const before = await findInvitationOf(context.directory, organisation.id, email);
  return before && isRepeat(context, before, role) ? before : null;
}
