import type { Mode } from '../core/api-keys.ts';

/** The path of all screens of a workspace, below /app. `workspace`: the id of the organisation. */
export const WORKSPACE_PATH = '/:mode{test|live}/:workspace';

/** The path of something in a workspace, in one of its two modes. `workspace`: the id of the organisation. */
export function pathIn(workspace: string, mode: Mode, rest: string): string {
  return `/app/${mode === 'live' ? 'live' : 'test'}/${workspace}/${rest}`;
}

/** The mode that such a path names. */
export function modeOfPath(mode: string | undefined): Mode {
  return mode === 'live' ? 'live' : 'sandbox';
}
