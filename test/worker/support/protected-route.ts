import { expect } from 'vitest';
import type { Scope } from '../../../src/core/scopes.ts';
import { type ApiFault, expectError, footprint } from './api.ts';
import { call, newWorkspace, type TestWorkspace } from './workspace.ts';

/** A route behind the secret key, as far as its refusals go. */
export interface ProtectedRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** For the names of the tests. */
  readonly template: string;
  /** The `Allow` header of a 405. */
  readonly allow: string;
  readonly scope: Scope;
  /** The wildcard of the service does not cover the scope. */
  readonly byNameOnly?: boolean;
  /** Scopes of other routes, which must not be enough together. */
  readonly otherScopes: readonly Scope[];
  readonly success: number;
  /** A body that succeeds; null: the route takes none. */
  readonly body: Readonly<Record<string, unknown>> | null;
  /** The bytes of a body that succeeds, of a route that takes a file instead of JSON. */
  readonly file?: Uint8Array;
  /** The route also succeeds without any body. */
  readonly bodyOptional?: boolean;
  /** Refuses with 409 while the account cannot charge. */
  readonly needsAccount: boolean;
  /** True: its answers are never stored, so an idempotency key has no effect. */
  readonly neverStored?: boolean;
  /** A path, made in this workspace, on which the request succeeds once. */
  path(workspace: TestWorkspace): Promise<string>;
}

/** A request that would succeed, and the workspace it is sent to. */
export interface Target {
  readonly route: ProtectedRoute;
  readonly workspace: TestWorkspace;
  readonly path: string;
}

/** What a key needs: the wildcard of the service, but for a scope that has to be asked for by name. */
export function scopesFor({ scope, byNameOnly = false }: ProtectedRoute): readonly string[] {
  return byNameOnly ? [scope] : ['service.payments.*'];
}

export async function newTarget(route: ProtectedRoute, workspace?: TestWorkspace): Promise<Target> {
  const owner = workspace ?? (await newWorkspace({ scopes: scopesFor(route) }));
  return { route, workspace: owner, path: await route.path(owner) };
}

/** Sends the request that succeeds, but for what is given. `body` undefined: the route's own. */
export async function send(
  { route, workspace, path }: Target,
  changes: { readonly key?: string | null; readonly headers?: Record<string, string>; readonly body?: unknown } = {},
): Promise<Response> {
  const { key = workspace.key, headers = {}, body = route.body ?? route.file } = changes;
  return await call(key, route.method, path, body, headers);
}

/** Targets of one workspace, each with a path of its own, for a test in which several requests succeed. */
export function targetsOf(route: ProtectedRoute): () => Promise<Target> {
  let workspace: TestWorkspace | undefined;
  return async () => {
    const target = await newTarget(route, workspace);
    workspace = target.workspace;
    return target;
  };
}

/** Makes something when it is first asked for, once for many tests. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export interface Refusal {
  readonly response: Response;
  readonly error: ApiFault;
}

/** Refused with this status and code, nothing written in the workspace and nothing asked of Stripe. */
export async function expectRefusal(
  target: Pick<Target, 'workspace'>,
  request: () => Promise<Response>,
  status: number,
  code: string,
): Promise<Refusal> {
  const before = await footprint(target.workspace);
  const response = await request();
  const error = await expectError(response, status, code);
  expect(await footprint(target.workspace)).toEqual(before);
  return { response, error };
}

/** The same of one request for each of these inputs, in turn. A failure shows the input. */
export async function expectRefusals<T>(
  { workspace }: Pick<Target, 'workspace'>,
  inputs: readonly T[],
  request: (input: T) => Promise<Response>,
  status: number,
  code: string,
): Promise<Refusal[]> {
  const before = await footprint(workspace);
  const refusals: Refusal[] = [];
  for (const input of inputs) {
    const response = await request(input);
    expect([input, response.status]).toEqual([input, status]);
    refusals.push({ response, error: await expectError(response, status, code) });
  }
  expect(await footprint(workspace)).toEqual(before);
  return refusals;
}
