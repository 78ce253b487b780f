import { ROLES } from '../../core/rights.ts';
import { deleteInvitation, findInvitationTo } from '../../db/invitations.ts';
import type { PlatformContext } from '../context.ts';
import type { Person } from './authorise.ts';
import { recordTeamChange } from './team.ts';

/**
 * Ends an open invitation for the e-mail address of a person. Nothing happens where no open invitation for this person has
 * the id.
 * `recordTeamChange` says what a crash leaves.
 */
export async function declineInvitation(context: PlatformContext, { email }: Person, id: string): Promise<void> {
  const { directory } = context;
  const invitation = await findInvitationTo(directory, { id, email, now: context.now() });
  if (!invitation) return;
  const { organisation } = invitation;
  const audit = await recordTeamChange(context, organisation, { action: 'member.decline_invitation', object: id });
  await deleteInvitation(directory, { id, organisationId: organisation.id }, ROLES, { changer: null, audit });
}
