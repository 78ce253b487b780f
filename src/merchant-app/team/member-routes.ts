import { type Context, Hono } from 'hono';
import { readRole } from '../../core/rights.ts';
import { findMember, isLastOwner, type MemberWithEmail } from '../../db/members.ts';
import { changeRole } from '../../domain/members/change-role.ts';
import { leave } from '../../domain/members/leave.ts';
import { removeMember } from '../../domain/members/remove-member.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { readForm } from '../form.ts';
import { pathOf, WORKSPACE_PATH } from '../paths.ts';
import { refuseTeamChange, teamOf, toTeam } from './answers.ts';
import { leavePage, ownerRolePage, removePage } from './member-pages.tsx';
import { showRoleFault } from './screen.ts';

const MEMBER = '/members/:person';

/** The routes that change or remove a member, or by which one leaves. What concerns owners has routes of its own. */
export const memberRoutes = new Hono<WorkspaceEnv>()
  .post(`${WORKSPACE_PATH}/team${MEMBER}/role`, allowedTo('members.write'), (c) => setRole(c, c.req.param('person')))

  .get(`${WORKSPACE_PATH}/team${MEMBER}/remove`, allowedTo('members.write'), async (c) => {
    const member = await memberOf(c, c.req.param('person'));
    if (member?.role === 'owner') return refuseTeamChange(c, 'above_reach');
    return member ? c.html(removePage({ shell: shellOf(c), member })) : refuseTeamChange(c, 'not_found');
  })

  .post(`${WORKSPACE_PATH}/team${MEMBER}/remove`, allowedTo('members.write'), (c) => remove(c, c.req.param('person')))

  .get(`${WORKSPACE_PATH}/team/owners${MEMBER}/role`, allowedTo('members.owners'), async (c) => {
    const member = await memberOf(c, c.req.param('person'));
    return member ? c.html(ownerRolePage({ shell: shellOf(c), member })) : refuseTeamChange(c, 'not_found');
  })

  .post(`${WORKSPACE_PATH}/team/owners${MEMBER}/role`, allowedTo('members.owners'), (c) =>
    setRole(c, c.req.param('person')),
  )

  .get(`${WORKSPACE_PATH}/team/owners${MEMBER}/remove`, allowedTo('members.owners'), async (c) => {
    const member = await memberOf(c, c.req.param('person'));
    return member ? c.html(removePage({ shell: shellOf(c), member })) : refuseTeamChange(c, 'not_found');
  })

  .post(`${WORKSPACE_PATH}/team/owners${MEMBER}/remove`, allowedTo('members.owners'), (c) =>
    remove(c, c.req.param('person')),
  )

  // An owner leaves by the guarded routes, which these lead to.
  .get(`${WORKSPACE_PATH}/team/leave`, allowedTo('leave'), (c) =>
    c.var.membership.role === 'owner'
      ? toOwnersLeaving(c)
      : c.html(leavePage({ shell: shellOf(c), action: 'team/leave', isLastOwner: false })),
  )

  .post(`${WORKSPACE_PATH}/team/leave`, allowedTo('leave'), async (c) => {
    const outcome = await leaveTeam(c);
    if (outcome === 'above_reach') return toOwnersLeaving(c);
    return outcome === 'done' ? c.redirect('/app', 303) : refuseTeamChange(c, outcome);
  })

  .get(`${WORKSPACE_PATH}/team/owners/leave`, allowedTo('members.owners'), async (c) => {
    const { directory, membership } = c.var;
    const { organisation, role } = membership;
    const isLast = await isLastOwner(directory, { organisationId: organisation.id, role });
    return c.html(leavePage({ shell: shellOf(c), action: 'team/owners/leave', isLastOwner: isLast }));
  })

  .post(`${WORKSPACE_PATH}/team/owners/leave`, allowedTo('members.owners'), async (c) => {
    const outcome = await leaveTeam(c);
    return outcome === 'done' ? c.redirect('/app', 303) : refuseTeamChange(c, outcome);
  });

function toOwnersLeaving(c: Context<WorkspaceEnv>) {
  return c.redirect(pathOf(shellOf(c), 'team/owners/leave'), 303);
}

async function leaveTeam(c: Context<WorkspaceEnv>) {
  return (await leave(c.var.context, teamOf(c), c.var.signedIn.person.id)).outcome;
}

async function memberOf(c: Context<WorkspaceEnv>, personId: string): Promise<MemberWithEmail | null> {
  return await findMember(c.var.directory, c.var.membership.organisation.id, personId);
}

async function setRole(c: Context<WorkspaceEnv>, personId: string) {
  const fields = await readForm(c);
  const [from, role] = [readRole(fields.get('from')), readRole(fields.get('role'))];
  if (from === null || role === null) return showRoleFault(c);
  const { outcome } = await changeRole(c.var.context, teamOf(c), { personId, from, role });
  if (outcome === 'done') return toTeam(c, 'done=role');
  return refuseTeamChange(c, outcome === 'no_member' ? 'not_found' : outcome);
}

async function remove(c: Context<WorkspaceEnv>, personId: string) {
  const { outcome } = await removeMember(c.var.context, teamOf(c), personId);
  if (outcome !== 'done') return refuseTeamChange(c, outcome);
  return personId === c.var.signedIn.person.id ? c.redirect('/app', 303) : toTeam(c, 'done=removed');
}
