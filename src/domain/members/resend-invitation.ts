import { findInvitation } from '../../db/invitations.ts';
import type { Context } from '../context.ts';
import { type InviteResult, storeInvitation } from './store-invitation.ts';
import type { Team } from './team.ts';

/**
 * Begins the 7 days of an open invitation anew. The same again within a minute writes nothing. Sends no mail. `not_found`: the
 * invitation is not open, or another organisation's: one that was withdrawn or accepted does not come back.
 */
export async function resendInvitation(
  context: Context,
  team: Team,
  id: string,
): Promise<InviteResult | { readonly outcome: 'not_found' }> {
  const { directory } = context;
  const before = await findInvitation(directory, id);
  if (!before || before.organisationId !== team.organisation.id || before.expiresAt <= context.now()) {
    return { outcome: 'not_found' };
  }
  const stored = await storeInvitation(context, team, before, before);
  if (stored.outcome === 'repeated') return { ...stored, outcome: 'invited' };
  if (stored.outcome !== 'changed_meanwhile') return stored;
  return { outcome: (await findInvitation(directory, id)) ? 'changed_meanwhile' : 'not_found' };
}
