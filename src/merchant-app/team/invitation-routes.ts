import { type Context, Hono } from 'hono';
import { findInvitationTo, listInvitationsTo } from '../../db/invitations.ts';
import { listMemberships } from '../../db/members.ts';
import { acceptInvitation } from '../../domain/members/accept-invitation.ts';
import { declineInvitation } from '../../domain/members/decline-invitation.ts';
import { readForm } from '../form.ts';
import { pathIn } from '../paths.ts';
import { personContext } from '../person-context.ts';
import { type SignedInEnv, signedIn } from '../sign-in/signed-in.ts';
import { clockOf } from '../time.ts';
import { invitationGonePage, invitationsPage, workspaceFullPage } from './invitation-pages.tsx';

/** The routes below /app/invitations: what a person was invited to by their address, which signing in has verified. */
export const invitationRoutes = new Hono<SignedInEnv>()
  .get('/', signedIn(), async (c) => {
    const { directory, language, signedIn: who } = c.var;
    const { email } = who.person;
    const invitations = await listInvitationsTo(directory, email, Date.now());
    return c.html(invitationsPage({ clock: clockOf(c), language, email, invitations }));
  })

  .get('/:id', signedIn(), async (c) => {
    const { directory, language, signedIn: who } = c.var;
    const { email } = who.person;
    const invitation = await findInvitationTo(directory, { id: c.req.param('id'), email, now: Date.now() });
    if (!invitation) return showGone(c);
    return c.html(invitationsPage({ clock: clockOf(c), language, email, invitations: [invitation] }));
  })

  .post('/:id/accept', signedIn(), async (c) => {
    const workspace = (await readForm(c)).get('workspace');
    const accepted = await acceptInvitation(personContext(c), c.var.signedIn.person, c.req.param('id'));
    switch (accepted.outcome) {
      case 'joined':
        return c.redirect(pathIn(accepted.organisation.id, 'sandbox', 'home'), 303);
      case 'too_many_members':
        return c.html(workspaceFullPage(c.var.language), 409);
      case 'changed_meanwhile':
        return c.redirect(`/app/invitations/${c.req.param('id')}`, 303);
      case 'not_open':
        // The same form sent twice: the first one has made the person a member.
        return (await isMemberOf(c, workspace))
          ? c.redirect(pathIn(workspace ?? '', 'sandbox', 'home'), 303)
          : showGone(c);
    }
  })

  .post('/:id/decline', signedIn(), async (c) => {
    await declineInvitation(personContext(c), c.var.signedIn.person, c.req.param('id'));
    return c.redirect('/app', 303);
  });

function showGone(c: Context<SignedInEnv>) {
  const { language, signedIn: who } = c.var;
  return c.html(invitationGonePage({ language, email: who.person.email }), 404);
}

async function isMemberOf(c: Context<SignedInEnv>, organisationId: string | null): Promise<boolean> {
  const memberships = await listMemberships(c.var.directory, c.var.signedIn.person.id);
  return memberships.some(({ organisation }) => organisation.id === organisationId);
}
