import { type Context, Hono } from 'hono';
import { revokeInvitation } from '../../domain/members/revoke-invitation.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { WORKSPACE_PATH } from '../paths.ts';
import { refuseTeamChange, teamOf, toTeam } from './answers.ts';
import { inviteByForm, resendByForm } from './invite-by-form.ts';
import { inviteOwnerPage } from './invite-form.tsx';
import { resendOwnerPage, revokeOwnerPage } from './member-pages.tsx';
import { NOTHING_TYPED, openInvitations, showInviteFault, showTeam } from './screen.ts';

const OWNERS = `${WORKSPACE_PATH}/team/owners`;

/** The team screen and its invitations. What concerns owners is guarded, and has routes of its own. */
export const teamRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/team`, allowedTo('read'), (c) => showTeam(c))

  .post(`${WORKSPACE_PATH}/team/invitations`, allowedTo('members.write'), async (c) => {
    const invited = await inviteByForm(c);
    return 'fault' in invited ? showInviteFault(c, invited, invited.status) : invited.answer;
  })

  .post(`${WORKSPACE_PATH}/team/invitations/:id/resend`, allowedTo('members.write'), async (c) => {
    const sent = await resendByForm(c, c.req.param('id'));
    return 'fault' in sent ? showInviteFault(c, sent, sent.status) : sent.answer;
  })

  .post(`${WORKSPACE_PATH}/team/invitations/:id/revoke`, allowedTo('members.write'), (c) =>
    revoke(c, c.req.param('id')),
  )

  .get(`${OWNERS}/invitations/new`, allowedTo('members.owners'), (c) =>
    c.html(inviteOwnerPage({ shell: shellOf(c), typed: NOTHING_TYPED })),
  )

  .post(`${OWNERS}/invitations`, allowedTo('members.owners'), async (c) => {
    const invited = await inviteByForm(c);
    return 'fault' in invited
      ? c.html(inviteOwnerPage({ shell: shellOf(c), typed: invited }), invited.status)
      : invited.answer;
  })

  .get(`${OWNERS}/invitations/:id/resend`, allowedTo('members.owners'), async (c) => {
    const invitation = await openInvitation(c, c.req.param('id'));
    return invitation ? c.html(resendOwnerPage({ shell: shellOf(c), invitation })) : refuseTeamChange(c, 'not_found');
  })

  .post(`${OWNERS}/invitations/:id/resend`, allowedTo('members.owners'), async (c) => {
    const sent = await resendByForm(c, c.req.param('id'));
    return 'fault' in sent ? c.html(inviteOwnerPage({ shell: shellOf(c), typed: sent }), sent.status) : sent.answer;
  })

  .get(`${OWNERS}/invitations/:id/revoke`, allowedTo('members.owners'), async (c) => {
    const invitation = await openInvitation(c, c.req.param('id'));
    return invitation ? c.html(revokeOwnerPage({ shell: shellOf(c), invitation })) : refuseTeamChange(c, 'not_found');
  })

  .post(`${OWNERS}/invitations/:id/revoke`, allowedTo('members.owners'), (c) => revoke(c, c.req.param('id')));

async function openInvitation(c: Context<WorkspaceEnv>, id: string) {
  return (await openInvitations(c)).find((invitation) => invitation.id === id);
}

async function revoke(c: Context<WorkspaceEnv>, id: string) {
  const { outcome } = await revokeInvitation(c.var.context, teamOf(c), id);
  return outcome === 'done' ? toTeam(c, 'done=revoked') : refuseTeamChange(c, outcome);
}
