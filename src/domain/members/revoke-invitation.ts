import { isAtLeast, rolesUpTo } from '../../core/rights.ts';
import { deleteInvitation, findInvitation } from '../../db/invitations.ts';
import type { Context } from '../context.ts';
import { beginTeamChange, type Team } from './team.ts';

/** `done`: the invitation is not open any more. `not_found`: it is another organisation's. */
export interface RevokeResult {
  readonly outcome: 'done' | 'not_found' | 'above_reach' | 'changed_meanwhile';
}

/**
 * Ends an open invitation to an organisation. One that is not open any more is left as it is.
 * `recordTeamChange` says what a crash leaves.
 */
export async function revokeInvitation(context: Context, team: Team, id: string): Promise<RevokeResult> {
  const { directory } = context;
  const { organisation, reach } = team;
  const invitation = await findInvitation(directory, id);
  if (!invitation) return { outcome: 'done' };
  if (invitation.organisationId !== organisation.id) return { outcome: 'not_found' };
  if (!isAtLeast(reach, invitation.role)) return { outcome: 'above_reach' };
  const write = await beginTeamChange(context, team, { action: 'member.revoke_invitation', object: id });
  const known = { id, organisationId: organisation.id };
  if (await deleteInvitation(directory, known, rolesUpTo(reach), write)) return { outcome: 'done' };
  return { outcome: (await findInvitation(directory, id)) ? 'changed_meanwhile' : 'done' };
}
