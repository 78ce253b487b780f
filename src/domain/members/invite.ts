import { findInvitationOf } from '../../db/invitations.ts';
import type { Context } from '../context.ts';
import { type Invitee, type InviteResult, storeInvitation } from './store-invitation.ts';
import type { Team } from './team.ts';

/**
 * Invites an address to an organisation for 7 days. An open invitation of the address is renewed, with this role. The same
 * again within a minute writes nothing. Sends no mail. `recordTeamChange` says what a crash leaves.
 */
export async function invite(context: Context, team: Team, invitee: Invitee): Promise<InviteResult> {
  const before = await findInvitationOf(context.directory, team.organisation.id, invitee.email);
  return await storeInvitation(context, team, invitee, before);
}
