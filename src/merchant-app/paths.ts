import type { Mode } from '../core/api-keys.ts';

/** The path of all screens of a workspace, below /app. `workspace`: the id of the organisation. */
export const WORKSPACE_PATH = '/:mode{test|live}/:workspace';

/** Where a page is: in a workspace, in one of its two modes. */
export interface Place {
  readonly organisation: { readonly id: string };
  readonly mode: Mode;
}

/** The path of something in a workspace, in one of its two modes. `workspace`: the id of the organisation. */
export function pathIn(workspace: string, mode: Mode, rest: string): string {
  return `/app/${mode === 'live' ? 'live' : 'test'}/${workspace}/${rest}`;
}

/** The path of something in the workspace, and in the mode, that a page shows. */
export function pathOf({ organisation, mode }: Place, rest: string): string {
  return pathIn(organisation.id, mode, rest);
}

/** The mode that such a path names. */
export function modeOfPath(mode: string | undefined): Mode {
  return mode === 'live' ? 'live' : 'sandbox';
}
