import { type Context, Hono } from 'hono';
import { readRole } from '../core/rights.ts';
import { countOwners, findMember, type MemberWithEmail } from '../db/members.ts';
import { changeRole } from '../domain/members/change-role.ts';
import { leave } from '../domain/members/leave.ts';
import { removeMember } from '../domain/members/remove-member.ts';
import { allowedTo, shellOf, type WorkspaceEnv } from './allowed-to.ts';
import { readForm } from './form.ts';
import { leavePage, ownerRolePage, removePage } from './pages/member.tsx';
import { WORKSPACE_PATH } from './paths.ts';
import { refuseTeamChange, teamOf, toTeam } from './team-answers.ts';

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

  .get(`${WORKSPACE_PATH}/team/leave`, allowedTo('leave'), async (c) => {
    const { directory, membership } = c.var;
    const isOwner = membership.role === 'owner';
    const isLastOwner = isOwner && (await countOwners(directory, membership.organisation.id)) === 1;
    return c.html(leavePage({ shell: shellOf(c), isLastOwner }));
  })

  .post(`${WORKSPACE_PATH}/team/leave`, allowedTo('leave'), async (c) => {
    const { context, membership, signedIn } = c.var;
    const { outcome } = await leave(context, membership.organisation, signedIn.person.id);
    return outcome === 'done' ? c.redirect('/app', 303) : refuseTeamChange(c, outcome);
  });

async function memberOf(c: Context<WorkspaceEnv>, personId: string): Promise<MemberWithEmail | null> {
  return await findMember(c.var.directory, c.var.membership.organisation.id, personId);
}

async function setRole(c: Context<WorkspaceEnv>, personId: string) {
  const role = readRole((await readForm(c)).get('role'));
  if (role === null) return refuseTeamChange(c, 'not_found');
  const { outcome } = await changeRole(c.var.context, teamOf(c), { personId, role });
  if (outcome === 'done') return toTeam(c, 'done=role');
  return refuseTeamChange(c, outcome === 'no_member' ? 'not_found' : outcome);
}

async function remove(c: Context<WorkspaceEnv>, personId: string) {
  const { outcome } = await removeMember(c.var.context, teamOf(c), personId);
  if (outcome !== 'done') return refuseTeamChange(c, outcome);
  return personId === c.var.signedIn.person.id ? c.redirect('/app', 303) : toTeam(c, 'done=removed');
}
