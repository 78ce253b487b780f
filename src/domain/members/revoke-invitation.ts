import { isAtLeast, rolesUpTo } from '../../core/rights.ts';
import { deleteInvitation, findInvitation } from '../../db/invitations.ts';
import type { Context } from '../context.ts';
import { recordTeamChange, type Team } from './team.ts';

/** `done`: the invitation is not open any more. `not_found`: it is another organisation's. */
export interface RevokeResult {
  readonly outcome: 'done' | 'not_found' | 'above_reach' | 'changed_meanwhile';
}

/**
 * Ends an open invitation to an organisation. One that is not open any more is left as it is.
 *
 * The audit entry is written first: a crash after it leaves an entry and the open invitation, and the same form again
 * completes it.
 */
export async function revokeInvitation(
  context: Context,
  { organisation, reach }: Team,
  id: string,
): Promise<RevokeResult> {
  const { directory } = context;
  const invitation = await findInvitation(directory, id);
  if (!invitation) return { outcome: 'done' };
  if (invitation.organisationId !== organisation.id) return { outcome: 'not_found' };
  if (!isAtLeast(reach, invitation.role)) return { outcome: 'above_reach' };
  await recordTeamChange(context, organisation, 'member.revoke_invitation', id);
  if (await deleteInvitation(directory, id, rolesUpTo(reach))) return { outcome: 'done' };
  return { outcome: (await findInvitation(directory, id)) ? 'changed_meanwhile' : 'done' };
}
