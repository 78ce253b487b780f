import { type Context, Hono } from 'hono';
import { listInvitations, type SentInvitation } from '../db/invitations.ts';
import { listMembers } from '../db/members.ts';
import { revokeInvitation } from '../domain/members/revoke-invitation.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from './allowed-to.ts';
import { invitationUrl, inviteByForm, NOTHING_TYPED } from './invite-by-form.ts';
import { inviteOwnerPage, type TypedInvitation } from './pages/invite-form.tsx';
import { revokeOwnerPage } from './pages/member.tsx';
import { teamPage } from './pages/team.tsx';
import type { TeamNotice } from './pages/team-view.ts';
import { WORKSPACE_PATH } from './paths.ts';
import { refuseTeamChange, teamOf, toTeam } from './team-answers.ts';
import { teamNotices } from './texts/team.ts';

/** The team screen and its invitations. What concerns owners is guarded, and has routes of its own. */
export const teamRoutes = new Hono<WorkspaceEnv>()
  .get(`${WORKSPACE_PATH}/team`, allowedTo('read'), (c) => showTeam(c, NOTHING_TYPED, 200))

  .post(`${WORKSPACE_PATH}/team/invitations`, allowedTo('members.write'), async (c) => {
    const invited = await inviteByForm(c);
    return 'fault' in invited ? showTeam(c, invited, invited.status) : invited.answer;
  })

  .post(`${WORKSPACE_PATH}/team/invitations/:id/revoke`, allowedTo('members.write'), (c) =>
    revoke(c, c.req.param('id')),
  )

  .get(`${WORKSPACE_PATH}/team/owners/invitations/new`, allowedTo('members.owners'), (c) =>
    c.html(inviteOwnerPage({ shell: shellOf(c), typed: NOTHING_TYPED })),
  )

  .post(`${WORKSPACE_PATH}/team/owners/invitations`, allowedTo('members.owners'), async (c) => {
    const invited = await inviteByForm(c);
    return 'fault' in invited
      ? c.html(inviteOwnerPage({ shell: shellOf(c), typed: invited }), invited.status)
      : invited.answer;
  })

  .get(`${WORKSPACE_PATH}/team/owners/invitations/:id/revoke`, allowedTo('members.owners'), async (c) => {
    const invitation = (await openInvitations(c)).find(({ id }) => id === c.req.param('id'));
    if (!invitation) return refuseTeamChange(c, 'not_found');
    return c.html(revokeOwnerPage({ shell: shellOf(c), invitation }));
  })

  .post(`${WORKSPACE_PATH}/team/owners/invitations/:id/revoke`, allowedTo('members.owners'), (c) =>
    revoke(c, c.req.param('id')),
  );

async function showTeam(c: Context<WorkspaceEnv>, typed: TypedInvitation, status: 200 | 422 | 429) {
  const { directory, membership, signedIn } = c.var;
  const [members, invitations] = await Promise.all([
    listMembers(directory, membership.organisation.id),
    openInvitations(c),
  ]);
  const own = { personId: signedIn.person.id, role: membership.role };
  const notice = status === 200 ? noticeOf(c, invitations) : null;
  return c.html(teamPage({ shell: shellOf(c), own, members, invitations, typed, notice }), status);
}

async function openInvitations(c: Context<WorkspaceEnv>): Promise<SentInvitation[]> {
  return await listInvitations(c.var.directory, c.var.membership.organisation.id, Date.now());
}

async function revoke(c: Context<WorkspaceEnv>, id: string) {
  const { outcome } = await revokeInvitation(c.var.context, teamOf(c), id);
  return outcome === 'done' ? toTeam(c, 'done=revoked') : refuseTeamChange(c, outcome);
}

const DONE = ['role', 'removed', 'revoked'] as const;

/** What the page's address says of the change before it. */
function noticeOf(c: Context<WorkspaceEnv>, invitations: readonly SentInvitation[]): TeamNotice | null {
  const texts = teamNotices[c.var.language];
  const named = (parameter: string) => invitations.find(({ id }) => id === c.req.query(parameter));
  const [invited, unsent] = [named('invited'), named('unsent')];
  if (invited) return { kind: 'ok', text: texts.invited(invited.email) };
  if (unsent) return { kind: 'warn', text: texts.unsent(unsent.email, invitationUrl(c, unsent.id)) };
  const done = DONE.find((name) => name === c.req.query('done'));
  return done ? { kind: 'ok', text: texts[done] } : null;
}
