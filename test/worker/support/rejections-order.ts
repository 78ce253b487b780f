import { describe, expect, it } from 'vitest';
import { setPairStatus } from '../../../src/domain/workspaces/set-pair-status.ts';
import {
  expectRefusals,
  newTarget,
  once,
  type ProtectedRoute,
  scopesFor,
  send,
  type Target,
} from './protected-route.ts';
import { call, operatorContext } from './workspace.ts';

/** Every refusal that can be combined with others, first refused first. */
const FAULTS = [
  { name: 'a browser', status: 403, code: 'insufficient_scope' },
  { name: 'an unknown path', status: 404, code: 'not_found' },
  { name: 'a wrong method', status: 405, code: 'method_not_allowed' },
  { name: 'a revoked key', status: 401, code: 'invalid_api_key' },
  { name: 'a suspended workspace', status: 402, code: 'service_inactive' },
  { name: 'an exhausted limit', status: 429, code: 'rate_limit_exceeded' },
  { name: 'a missing scope', status: 403, code: 'insufficient_scope' },
  { name: 'a large body', status: 413, code: 'payload_too_large' },
  { name: 'a wrong type', status: 415, code: 'unsupported_media_type' },
  { name: 'a malformed body', status: 400, code: 'validation_failed' },
  { name: 'a bad Idempotency-Key', status: 400, code: 'validation_failed' },
  { name: 'a conflicting key', status: 409, code: 'idempotency_key_conflict' },
  { name: 'an account that cannot charge', status: 409, code: 'CONNECT_ACCOUNT_NOT_READY' },
] as const;
type FaultName = (typeof FAULTS)[number]['name'];
type Faults = ReadonlySet<FaultName>;

/** Of these a request has one at a time, since one can hide another. */
const BODY_FAULTS: readonly FaultName[] = [
  'a large body',
  'a wrong type',
  'a malformed body',
  'a bad Idempotency-Key',
  'a conflicting key',
];

/** Two that cannot be in one request, or between which the order is open. */
const APART: readonly (readonly [FaultName, FaultName])[] = [
  ['an unknown path', 'a wrong method'],
  ['a large body', 'a wrong type'],
  ['a large body', 'a malformed body'],
  ['a malformed body', 'a bad Idempotency-Key'],
  ['a large body', 'a conflicting key'],
  ['a malformed body', 'a conflicting key'],
  ['a bad Idempotency-Key', 'a conflicting key'],
];

/** Taken by no route. */
const OTHER_METHOD = 'OPTIONS';

/** Gives the workspace those of the faults that are its own, and makes a key with those of a key. */
async function faultyKey(target: Target, faults: Faults): Promise<string> {
  const { route, workspace } = target;
  const { id: workspaceId } = workspace.workspace;
  await setPairStatus(operatorContext(workspace.shard), { id: workspaceId, status: 'active' });
  const { id, secret } = await workspace.issue({
    scopes: faults.has('a missing scope') ? [] : scopesFor(route),
    rateLimitPerMinute: faults.has('an exhausted limit') ? 1 : 6000,
  });
  if (faults.has('an exhausted limit')) await send(target, { key: secret, body: route.body ? '{' : undefined });
  if (faults.has('a revoked key'))
    await workspace.binding.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?').bind(id).run();
  await workspace.binding
    .prepare('UPDATE connected_accounts SET charges_enabled = ? WHERE workspace_id = ?')
    .bind(faults.has('an account that cannot charge') ? 0 : 1, workspaceId)
    .run();
  if (faults.has('a suspended workspace'))
    await setPairStatus(operatorContext(workspace.shard), { id: workspaceId, status: 'suspended' });
  return secret;
}

/** A request with the faults that a request itself can have. */
async function sendFaulty({ route, path }: Target, key: string, faults: Faults): Promise<Response> {
  const headers = {
    ...(faults.has('a browser') ? { Origin: 'https://shop.example' } : {}),
    ...(faults.has('a wrong type') ? { 'Content-Type': 'text/plain' } : {}),
    ...(faults.has('a conflicting key') ? { 'Idempotency-Key': 'taken' } : {}),
    ...(faults.has('a bad Idempotency-Key') ? { 'Idempotency-Key': 'two words' } : {}),
  };
  const method = faults.has('a wrong method') ? OTHER_METHOD : route.method;
  const to = faults.has('an unknown path') ? `${path}/nowhere/at/all` : path;
  return await call(key, method, to, bodyOf(route, faults), headers);
}

function bodyOf(route: ProtectedRoute, faults: Faults): unknown {
  if (!route.body) return route.file;
  if (faults.has('a large body')) return 'x'.repeat(70_000);
  if (faults.has('a malformed body')) return '{';
  return { ...route.body, ...(faults.has('a conflicting key') ? { another: 'body' } : {}) };
}

/** This fault with all that are checked later: one request for each of the later body faults, or one. */
function withLater(first: FaultName, possible: readonly FaultName[]): FaultName[][] {
  const later = possible
    .slice(possible.indexOf(first) + 1)
    .filter((name) => !APART.some(([a, b]) => a === first && b === name));
  const inBody = later.filter((name) => BODY_FAULTS.includes(name));
  const others = later.filter((name) => !BODY_FAULTS.includes(name));
  return inBody.length === 0 ? [[first, ...others]] : inBody.map((name) => [first, ...others, name]);
}

/** With everything wrong that is checked later, the answer speaks of the fault that the contract puts first. */
export function refusesInOrder(route: ProtectedRoute): void {
  const possible = FAULTS.filter(
    ({ name }) =>
      (route.body !== null || !BODY_FAULTS.includes(name)) &&
      (!route.neverStored || name !== 'a conflicting key') &&
      (route.needsAccount || name !== 'an account that cannot charge'),
  );
  const names = possible.map(({ name }) => name);
  const shared = once(async () => {
    const target = await newTarget(route);
    if (route.body === null) return target;
    const first = await send(target, { headers: { 'Idempotency-Key': 'taken' } });
    expect(first.status).toBe(route.success);
    return target;
  });

  describe('in order:', () => {
    for (const { name, status, code } of possible) {
      it(`${name}, alone and before all that is checked later`, async () => {
        const target = await shared();
        const [all = [name], ...others] = withLater(name, names);
        for (const combinations of [[[name]], [all, ...others]]) {
          const key = await faultyKey(target, new Set(combinations[0]));
          const request = (faults: FaultName[]) => sendFaulty(target, key, new Set(faults));
          await expectRefusals(target, combinations, request, status, code);
        }
      });
    }
  });
}
