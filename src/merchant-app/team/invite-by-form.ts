import type { Context } from 'hono';
import { readEmail } from '../../core/email.ts';
import { describeError, logLine } from '../../core/log.ts';
import { readRole } from '../../core/rights.ts';
import type { Invitation } from '../../db/invitations.ts';
import { findRepeated, invite } from '../../domain/members/invite.ts';
import { resendInvitation } from '../../domain/members/resend-invitation.ts';
import type { Invitee } from '../../domain/members/store-invitation.ts';
import { mayInvite } from '../../domain/sign-in/limits.ts';
import type { WorkspaceEnv } from '../allowed-to.ts';
import { readForm } from '../form.ts';
import { visitorIn } from '../sign-in/code-steps.ts';
import { refuseTeamChange, teamOf, toTeam } from './answers.ts';
import { invitationMail } from './invitation-mail.ts';
import type { InviteFault, TypedInvitation } from './invite-form.tsx';
import { invitationUrl, openInvitations } from './screen.ts';

/** The form is to be shown again, with what was typed. */
interface Faulty extends TypedInvitation {
  readonly fault: InviteFault;
  readonly status: 422 | 429;
}

/** The answer, or what is wrong with the form. */
type InvitedByForm = { readonly answer: Response | Promise<Response> } | Faulty;

/**
 * Invites the address in the form that was sent, and sends the mail before it answers: the person who invites learns
 * whether that failed. The same form again within a minute sends no second mail. A route with the right `members.owners` invites owners alone.
 */
export async function inviteByForm(c: Context<WorkspaceEnv>): Promise<InvitedByForm> {
  const fields = await readForm(c);
  const typed = (fields.get('email') ?? '').trim();
  const email = readEmail(typed)?.toLowerCase() ?? null;
  const role = c.var.action === 'members.owners' ? 'owner' : readRole(fields.get('role'));
  if (email === null) return { email: typed, role, fault: 'noAddress', status: 422 };
  if (role === null) return { email, role, fault: 'noRole', status: 422 };
  const repeated = await findRepeated(c.var.context, teamOf(c), { email, role });
  if (repeated) return { answer: toRepeated(c, repeated) };
  if (!(await mayMail(c, email))) return { email, role, fault: 'tooOften', status: 429 };
  return await answerOf(c, { email, role }, await invite(c.var.context, teamOf(c), { email, role }));
}

/** Sends an open invitation again, with its 7 days from now on. */
export async function resendByForm(c: Context<WorkspaceEnv>, id: string): Promise<InvitedByForm> {
  const invitation = (await openInvitations(c)).find((open) => open.id === id);
  if (!invitation) return { answer: refuseTeamChange(c, 'not_found') };
  const { email, role } = invitation;
  if (!(await mayMail(c, email))) return { email, role, fault: 'tooOften', status: 429 };
  return await answerOf(c, invitation, await resendInvitation(c.var.context, teamOf(c), id));
}

async function mayMail(c: Context<WorkspaceEnv>, address: string): Promise<boolean> {
  const { directory, membership, signedIn } = c.var;
  const mail = { address, person: signedIn.person.id, visitor: visitorIn(c) };
  return await mayInvite(directory, { ...mail, organisation: membership.organisation.id }, Date.now());
}

type Invited = Awaited<ReturnType<typeof resendInvitation>>;

async function answerOf(c: Context<WorkspaceEnv>, { email, role }: Invitee, invited: Invited): Promise<InvitedByForm> {
  const invitee = { email, role };
  switch (invited.outcome) {
    case 'invited': {
      const isSent = await sendInvitation(c, invited.invitation);
      return { answer: toTeam(c, `${isSent ? 'invited' : 'unsent'}=${invited.invitation.id}`) };
    }
    case 'repeated':
      return { answer: toRepeated(c, invited.invitation) };
    case 'already_member':
      return { ...invitee, fault: 'alreadyMember', status: 422 };
    case 'too_many_members':
      return { ...invitee, fault: 'tooManyMembers', status: 422 };
    case 'too_many_invitations':
      return { ...invitee, fault: 'tooManyInvitations', status: 422 };
    case 'above_reach':
    case 'not_found':
    case 'changed_meanwhile':
      return { answer: refuseTeamChange(c, invited.outcome) };
  }
}

function toRepeated(c: Context<WorkspaceEnv>, { id }: Invitation): Response {
  return toTeam(c, `repeated=${id}`);
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
