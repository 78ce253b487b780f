import type { Context } from 'hono';
import { reachOf, type Team } from '../../domain/members/team.ts';
import { shellOf, type WorkspaceEnv } from '../allowed-to.ts';
import { pathOf } from '../paths.ts';
import { type TeamRefusalName, teamRefusalPage } from './risk-page.tsx';

const STATUS = { above_reach: 403, not_found: 404, last_owner: 409, changed_meanwhile: 409 } as const;

/** The team that this request changes, as far as the person may by the right of the route. */
export function teamOf({ var: { action, membership } }: Pick<Context<WorkspaceEnv>, 'var'>): Team {
  return { organisation: membership.organisation, reach: reachOf(membership.role, action) };
}

/** Leads to the team screen after a change. `query`: says which, without a question mark. */
export function toTeam(c: Context<WorkspaceEnv>, query: string) {
  return c.redirect(`${pathOf(shellOf(c), 'team')}?${query}`, 303);
}

/** The answer where a team was not changed. */
export function refuseTeamChange(c: Context<WorkspaceEnv>, why: TeamRefusalName) {
  return c.html(teamRefusalPage(c.var.language, why, pathOf(shellOf(c), 'team')), STATUS[why]);
}
