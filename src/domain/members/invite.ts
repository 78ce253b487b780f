import { DEFAULT_SHARD, newInvitationId } from '../../core/ids.ts';
import { isAtLeast, type Role, rolesUpTo } from '../../core/rights.ts';
import { findInvitationOf, type Invitation, readTeamSize, upsertInvitation } from '../../db/invitations.ts';
import { findMemberByEmail } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { recordTeamChange, TEAM_LIMITS, type Team, type TeamRefusal } from './team.ts';

/** For how long (ms) an invitation is open. */
export const INVITATION_MS = 7 * 24 * 60 * 60_000;
/** Within this time (ms), the same invitation again is the same form sent twice. */
const REPEAT_MS = 60_000;

/** Who is invited, and as what. `email`: in the form of `readEmail`, in lower case. */
export interface Invitee {
  readonly email: string;
  readonly role: Role;
}

/** An invitation that is open, or why there is none. */
export type InviteResult =
  | { readonly outcome: 'invited'; readonly invitation: Invitation }
  | { readonly outcome: 'already_member'; readonly role: Role }
  | { readonly outcome: 'too_many_members' | 'too_many_invitations' }
  | Exclude<TeamRefusal, { outcome: 'last_owner' }>;

/**
 * Invites an address to an organisation for 7 days. An open invitation of the address is renewed, with this role. The same
 * again within a minute writes nothing. Sends no mail.
 *
 * The audit entry is written first: a crash after it leaves an entry without an invitation, and the same form again
 * completes it.
 */
export async function invite(context: Context, team: Team, invitee: Invitee): Promise<InviteResult> {
  const { directory } = context;
  const { organisation, reach } = team;
  const now = context.now();
  const before = await findInvitationOf(directory, organisation.id, invitee.email);
  const refusal = await refusalOf(context, team, { ...invitee, before });
  if (refusal) return refusal;
  if (before && isRepeat(context, before, invitee.role)) return { outcome: 'invited', invitation: before };
  const id = before?.id ?? newInvitationId(DEFAULT_SHARD);
  await recordTeamChange(context, organisation, 'member.invite', id);
  const times = { createdAt: now, expiresAt: now + INVITATION_MS };
  const invitation = { id, organisationId: organisation.id, ...invitee, invitedBy: inviterOf(context), ...times };
  const stored = await upsertInvitation(directory, invitation, TEAM_LIMITS, rolesUpTo(reach));
  return stored ? { outcome: 'invited', invitation: stored } : { outcome: 'changed_meanwhile' };
}

type Asked = Invitee & { readonly before: Invitation | null };

async function refusalOf(
  { directory, now }: Context,
  { organisation, reach }: Team,
  { email, role, before }: Asked,
): Promise<Exclude<InviteResult, { outcome: 'invited' }> | null> {
  const isOpen = before !== null && before.expiresAt > now();
  if (!isAtLeast(reach, role) || (isOpen && !isAtLeast(reach, before.role))) return { outcome: 'above_reach' };
  const member = await findMemberByEmail(directory, organisation.id, email);
  if (member) return { outcome: 'already_member', role: member.role };
  const size = await readTeamSize(directory, organisation.id, now());
  if (size.members >= TEAM_LIMITS.members) return { outcome: 'too_many_members' };
  return size.invitations >= TEAM_LIMITS.invitations && !isOpen ? { outcome: 'too_many_invitations' } : null;
}

function isRepeat(context: Context, { role, invitedBy, createdAt }: Invitation, asked: Role): boolean {
  return role === asked && invitedBy === inviterOf(context) && context.now() - createdAt < REPEAT_MS;
}

function inviterOf({ actor }: Context): string | null {
  return actor.kind === 'person' ? actor.id : null;
}
