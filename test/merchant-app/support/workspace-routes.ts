import type { Mode } from '../../../src/core/api-keys.ts';
import { type Action, isGuarded } from '../../../src/core/rights.ts';
import { actionOf } from '../../../src/merchant-app/allowed-to.ts';
import { merchantApp } from '../../../src/merchant-app/app.ts';

const WORKSPACE = /^\/app\/:mode\{[^}]*\}\/:workspace\//;

/** A route of the app. `actions`: what its middleware of `allowedTo` let a person do. */
export interface AppRoute {
  readonly method: string;
  readonly path: string;
  readonly actions: readonly Action[];
}

/** All routes of the app, as the router has them. */
export function appRoutes(): AppRoute[] {
  const found = new Map<string, AppRoute>();
  for (const { method, path, handler } of merchantApp(() => async () => {}).routes) {
    if (method === 'ALL') continue;
    const name = `${method} ${path}`;
    const action = actionOf(handler);
    const actions = [...(found.get(name)?.actions ?? []), ...(action ? [action] : [])];
    found.set(name, { method, path, actions });
  }
  return [...found.values()];
}

/** The routes of a workspace. */
export function workspaceRoutes(): AppRoute[] {
  return appRoutes().filter(({ path }) => WORKSPACE.test(path));
}

const NO_IDS: ReadonlyMap<string, string> = new Map();

/**
 * The path of a request to a route of a workspace. `ids`: the other ids in it, by what stands before them. One that is
 * not named belongs to nothing.
 */
export function pathOf({ path }: AppRoute, workspace: string, mode: Mode, ids = NO_IDS): string {
  return path
    .replace(/:mode\{[^}]*\}/, mode === 'live' ? 'live' : 'test')
    .replace(':workspace', workspace)
    .replaceAll(/([^/]+)\/:\w+(\{[^}]*\})?/g, (_, before: string) => `${before}/${ids.get(before) ?? 'unknown'}`);
}

/** True where the route does something for which a person proves again who they are. */
export function isGuardedRoute({ actions }: AppRoute, mode: Mode): boolean {
  return actions.some((action) => isGuarded(action, mode));
}
