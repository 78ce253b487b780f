import type { Context } from 'hono';
import { readEmail } from '../core/email.ts';
import { describeError, logLine } from '../core/log.ts';
import { type Role, readRole } from '../core/rights.ts';
import type { Invitation } from '../db/invitations.ts';
import { invite } from '../domain/members/invite.ts';
import { mayGoOn } from '../domain/sign-in/limits.ts';
import type { WorkspaceEnv } from './allowed-to.ts';
import { readForm } from './form.ts';
import { invitationMail } from './invitation-mail.ts';
import type { InviteFault, TypedInvitation } from './pages/invite-form.tsx';
import { refuseTeamChange, teamOf, toTeam } from './team-answers.ts';

/** The form as it is shown first. */
export const NOTHING_TYPED: TypedInvitation = { email: '', role: 'viewer', fault: null };

/** The form is to be shown again, with what was typed. */
interface Faulty extends TypedInvitation {
  readonly fault: InviteFault;
  readonly status: 422 | 429;
}

/** The answer, or what is wrong with the form. */
type InvitedByForm = { readonly answer: Response | Promise<Response> } | Faulty;

/** The address of the page on which an invitation is accepted. */
export function invitationUrl({ var: { config } }: Pick<Context<WorkspaceEnv>, 'var'>, id: string): string {
  return `${config.appUrl}/app/invitations/${id}`;
}

/**
 * Invites the address in the form that was sent, and sends the mail before it answers: the person who invites learns
 * whether that failed. A route with the right `members.owners` invites owners alone.
 */
export async function inviteByForm(c: Context<WorkspaceEnv>): Promise<InvitedByForm> {
  const fields = await readForm(c);
  const typed = (fields.get('email') ?? '').trim();
  const email = readEmail(typed)?.toLowerCase() ?? null;
  const role = c.var.action === 'members.owners' ? 'owner' : readRole(fields.get('role'));
  if (email === null) return { email: typed, role, fault: 'noAddress', status: 422 };
  if (role === null) return { email, role, fault: 'noRole', status: 422 };
  const { directory, signedIn } = c.var;
  if (!(await mayGoOn(directory, 'invite', { email, visitor: signedIn.person.id }, Date.now()))) {
    return { email, role, fault: 'tooOften', status: 429 };
  }
  return await inviteAddress(c, { email, role });
}

async function inviteAddress(
  c: Context<WorkspaceEnv>,
  invitee: { readonly email: string; readonly role: Role },
): Promise<InvitedByForm> {
  const invited = await invite(c.var.context, teamOf(c), invitee);
  switch (invited.outcome) {
    case 'invited': {
      const isSent = await sendInvitation(c, invited.invitation);
      return { answer: toTeam(c, `${isSent ? 'invited' : 'unsent'}=${invited.invitation.id}`) };
    }
    case 'already_member':
      return { ...invitee, fault: 'alreadyMember', status: 422 };
    case 'too_many_members':
      return { ...invitee, fault: 'tooManyMembers', status: 422 };
    case 'too_many_invitations':
      return { ...invitee, fault: 'tooManyInvitations', status: 422 };
    case 'above_reach':
    case 'changed_meanwhile':
      return { answer: refuseTeamChange(c, invited.outcome) };
  }
}

/** False: the mail was not accepted. */
async function sendInvitation(c: Context<WorkspaceEnv>, { id, email, role }: Invitation): Promise<boolean> {
  const { language, membership, requestId, send, signedIn } = c.var;
  const letter = { to: email, role, language, url: invitationUrl(c, id), inviter: signedIn.person.email };
  try {
    await send(await invitationMail({ ...letter, workspace: membership.organisation.name }));
    return true;
  } catch (error) {
    logLine('error', 'invitation not sent', { request_id: requestId, error: describeError(error) });
    return false;
  }
}
