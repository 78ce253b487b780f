import { DEFAULT_SHARD, newInvitationId } from '../../core/ids.ts';
import { type Invitation, replaceSignUpInvitation } from '../../db/invitations.ts';
import type { PlatformContext } from '../context.ts';
import { INVITATION_MS } from './store-invitation.ts';

/**
 * Lets somebody sign up and make a workspace of their own, for 7 days. The same again begins the 7 days anew. It has no
 * audit entry: those belong to workspaces. `email`: in the form of `readEmail`, in lower case.
 */
export async function inviteToSignUp(context: PlatformContext, email: string): Promise<Invitation> {
  const now = context.now();
  const whom = { organisationId: null, email, role: 'owner', invitedBy: null } as const;
  const invitation = { id: newInvitationId(DEFAULT_SHARD), ...whom, expiresAt: now + INVITATION_MS, createdAt: now };
  await replaceSignUpInvitation(context.directory, invitation);
  return invitation;
}
