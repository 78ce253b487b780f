import { DEFAULT_SHARD, newInvitationId } from '../../core/ids.ts';
import { isAtLeast, type Role } from '../../core/rights.ts';
import {
  findInvitationOf,
  type Invitation,
  insertInvitation,
  readTeamSize,
  renewInvitation,
} from '../../db/invitations.ts';
import { findMemberByEmail } from '../../db/members.ts';
import type { Context } from '../context.ts';
import { beginTeamChange, TEAM_LIMITS, type Team, type TeamRefusal } from './team.ts';

/** For how long (ms) an invitation is open. */
export const INVITATION_MS = 7 * 24 * 60 * 60_000;
/** Within this time (ms), the same invitation again is the same form sent twice. */
const REPEAT_MS = 60_000;

/** Who is invited, and as what. `email`: in the form of `readEmail`, in lower case. */
export interface Invitee {
  readonly email: string;
  readonly role: Role;
}

/** An invitation that is open, or why there is none. `repeated`: the same was stored within the last minute already. */
export type InviteResult =
  | { readonly outcome: 'invited' | 'repeated'; readonly invitation: Invitation }
  | { readonly outcome: 'already_member'; readonly role: Role }
  | { readonly outcome: 'too_many_members' | 'too_many_invitations' }
  | Exclude<TeamRefusal, { outcome: 'last_owner' }>;

/**
 * Stores an invitation that is open for 7 days from now, if the team may have it. `before`: the one of this address, in whose
 * place it comes with the same id; null: there is none. The same as `before` within a minute writes nothing.
 */
export async function storeInvitation(
  context: Context,
  team: Team,
  { email, role }: Invitee,
  before: Invitation | null,
): Promise<InviteResult> {
  const { directory } = context;
  const organisationId = team.organisation.id;
  const refusal = await refusalOf(context, team, { email, role, before });
  if (refusal) return refusal;
  if (before && isRepeat(context, before, role)) return { outcome: 'repeated', invitation: before };
  const createdAt = context.now();
  const id = before?.id ?? newInvitationId(DEFAULT_SHARD);
  const change = await beginTeamChange(context, team, { action: `member.invite.${role}`, object: id });
  const who = { email, role, invitedBy: inviterOf(context) };
  const invitation = { id, organisationId, ...who, createdAt, expiresAt: createdAt + INVITATION_MS };
  const write = { ...change, limits: TEAM_LIMITS };
  const isStored = before
    ? await renewInvitation(directory, before, invitation, write)
    : await insertInvitation(directory, invitation, write);
  if (isStored) return { outcome: 'invited', invitation };
  const other = await findInvitationOf(directory, organisationId, email);
  const isSame = other !== null && isRepeat(context, other, role);
  return isSame ? { outcome: 'repeated', invitation: other } : { outcome: 'changed_meanwhile' };
}

type Asked = Invitee & { readonly before: Invitation | null };

async function refusalOf(
  { directory, now }: Context,
  { organisation, reach }: Team,
  { email, role, before }: Asked,
): Promise<Exclude<InviteResult, { invitation: Invitation }> | null> {
  const isOpen = before !== null && before.expiresAt > now();
  if (!isAtLeast(reach, role) || (isOpen && !isAtLeast(reach, before.role))) return { outcome: 'above_reach' };
  const member = await findMemberByEmail(directory, organisation.id, email);
  if (member) return { outcome: 'already_member', role: member.role };
  const size = await readTeamSize(directory, organisation.id, now());
  if (size.members >= TEAM_LIMITS.members) return { outcome: 'too_many_members' };
  return size.invitations >= TEAM_LIMITS.invitations && !isOpen ? { outcome: 'too_many_invitations' } : null;
}

/** True where the invitation is one that the actor has made with this role within the last minute. */
export function isRepeat(context: Context, { role, invitedBy, createdAt }: Invitation, asked: Role): boolean {
  return role === asked && invitedBy === inviterOf(context) && context.now() - createdAt < REPEAT_MS;
}

function inviterOf({ actor }: Context): string | null {
  return actor.kind === 'person' ? actor.id : null;
}
