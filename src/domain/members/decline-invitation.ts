import { ROLES } from '../../core/rights.ts';
import { deleteInvitation, findInvitationTo } from '../../db/invitations.ts';
import type { PlatformContext } from '../context.ts';
import type { Person } from './authorise.ts';
import { recordTeamChange } from './team.ts';

/**
 * Ends an open invitation for the e-mail address of a person. Nothing happens where no open invitation for this person has
 * the id.
 *
 * The audit entry is written first: a crash after it leaves an entry and the open invitation, and the same form again
 * completes it.
 */
export async function declineInvitation(context: PlatformContext, { email }: Person, id: string): Promise<void> {
  const { directory } = context;
  const invitation = await findInvitationTo(directory, { id, email, now: context.now() });
  if (!invitation) return;
  await recordTeamChange(context, invitation.organisation, 'member.decline_invitation', id);
  await deleteInvitation(directory, id, ROLES);
}
