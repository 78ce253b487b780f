import type { Context } from 'hono';
import { listInvitations, type SentInvitation } from '../../db/invitations.ts';
import { listMembers } from '../../db/members.ts';
import { shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { clockOf } from '../time.ts';
import type { TypedInvitation } from './invite-form.tsx';
import { teamPage } from './team-page.tsx';
import type { TeamNotice } from './team-view.ts';
import { teamNotices, teamTexts } from './texts.ts';

/** The form that invites, as it is shown first. */
export const NOTHING_TYPED: TypedInvitation = { email: '', role: 'viewer', fault: null };

/** The team screen, with what it says of the change before it. */
export function showTeam(c: Context<WorkspaceEnv>) {
  return show(c, NOTHING_TYPED, noticeOf, 200);
}

/** The team screen again, with the invitation that was refused. */
export function showInviteFault(c: Context<WorkspaceEnv>, typed: TypedInvitation, status: 422 | 429) {
  return show(c, typed, () => null, status);
}

/** The team screen again, where the form of a role named none. */
export function showRoleFault(c: Context<WorkspaceEnv>) {
  return show(c, NOTHING_TYPED, () => ({ tone: 'warn', text: teamTexts[c.var.language].noRole }), 422);
}

/** The open invitations to the workspace of this request. */
export async function openInvitations(c: Pick<Context<WorkspaceEnv>, 'var'>): Promise<SentInvitation[]> {
  return await listInvitations(c.var.directory, c.var.membership.organisation.id, Date.now());
}

/** The address of the page on which an invitation is accepted. */
export function invitationUrl({ var: { config } }: Pick<Context<WorkspaceEnv>, 'var'>, id: string): string {
  return `${config.appUrl}/app/invitations/${id}`;
}

type Noticing = (c: Context<WorkspaceEnv>, invitations: readonly SentInvitation[]) => TeamNotice | null;

async function show(c: Context<WorkspaceEnv>, typed: TypedInvitation, noticing: Noticing, status: 200 | 422 | 429) {
  const { directory, membership, signedIn } = c.var;
  const [members, invitations] = await Promise.all([
    listMembers(directory, membership.organisation.id),
    openInvitations(c),
  ]);
  const own = { personId: signedIn.person.id, role: membership.role };
  const notice = noticing(c, invitations);
  return c.html(teamPage({ shell: shellOf(c), clock: clockOf(c), own, members, invitations, typed, notice }), status);
}

const DONE = ['role', 'removed', 'revoked'] as const;

/** What the page's address says of the change before it. */
function noticeOf(c: Context<WorkspaceEnv>, invitations: readonly SentInvitation[]): TeamNotice | null {
  const texts = teamNotices[c.var.language];
  const named = (parameter: string) => invitations.find(({ id }) => id === c.req.query(parameter));
  const [invited, repeated, unsent] = [named('invited'), named('repeated'), named('unsent')];
  if (invited) return { tone: 'ok', text: texts.invited(invited.email) };
  if (repeated) return { tone: 'ok', text: texts.repeated(repeated.email) };
  if (unsent) return { tone: 'warn', text: texts.unsent(unsent.email, invitationUrl(c, unsent.id)) };
  const done = DONE.find((name) => name === c.req.query('done'));
  return done ? { tone: 'ok', text: texts[done] } : null;
}
