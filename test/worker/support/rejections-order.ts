import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { setPairStatus } from '../../../src/domain/workspaces/set-pair-status.ts';
import { expectRefusal, newTarget, type ProtectedRoute, scopesFor, send } from './protected-route.ts';
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
const OTHER_METHOD = 'PUT';

/** A request with all of these faults at once. */
async function faultyRequest(route: ProtectedRoute, faults: ReadonlySet<FaultName>) {
  const target = await newTarget(route);
  const { workspace } = target;
  const { id, secret } = await workspace.issue({
    scopes: faults.has('a missing scope') ? [] : scopesFor(route),
    rateLimitPerMinute: faults.has('an exhausted limit') ? 1 : 6000,
  });
  if (faults.has('a conflicting key')) {
    expect((await send(target, { headers: { 'Idempotency-Key': 'taken' } })).status).toBe(route.success);
  }
  if (faults.has('an exhausted limit')) await send(target, { key: secret, body: route.body ? '{' : undefined });
  if (faults.has('a revoked key'))
    await env.DB.prepare('UPDATE api_keys SET revoked_at = 1 WHERE id = ?').bind(id).run();
  if (faults.has('an account that cannot charge')) {
    const change = 'UPDATE connected_accounts SET charges_enabled = 0 WHERE workspace_id = ?';
    await env.DB.prepare(change).bind(workspace.workspace.id).run();
  }
  if (faults.has('a suspended workspace')) {
    await setPairStatus(operatorContext(), workspace.workspace.id, 'suspended');
  }
  const headers = {
    ...(faults.has('a browser') ? { Origin: 'https://shop.example' } : {}),
    ...(faults.has('a wrong type') ? { 'Content-Type': 'text/plain' } : {}),
    ...(faults.has('a conflicting key') ? { 'Idempotency-Key': 'taken' } : {}),
    ...(faults.has('a bad Idempotency-Key') ? { 'Idempotency-Key': 'two words' } : {}),
  };
  const method = faults.has('a wrong method') ? OTHER_METHOD : route.method;
  const path = faults.has('an unknown path') ? `${target.path}/nowhere/at/all` : target.path;
  return { target, request: () => call(secret, method, path, bodyOf(route, faults), headers) };
}

function bodyOf(route: ProtectedRoute, faults: ReadonlySet<FaultName>): unknown {
  if (!route.body) return undefined;
  if (faults.has('a large body')) return 'x'.repeat(70_000);
  if (faults.has('a malformed body')) return '{';
  return { ...route.body, ...(faults.has('a conflicting key') ? { another: 'body' } : {}) };
}

/** With two things wrong, the answer speaks of the one that the contract puts first. */
export function refusesInOrder(route: ProtectedRoute): void {
  const possible = FAULTS.filter(
    ({ name }) =>
      (route.body !== null || !BODY_FAULTS.includes(name)) &&
      (route.needsAccount || name !== 'an account that cannot charge'),
  );
  describe('in order:', () => {
    for (const [index, first] of possible.entries()) {
      const later = possible
        .slice(index + 1)
        .filter(({ name }) => !APART.some(([a, b]) => a === first.name && b === name));
      if (later.length === 0) continue;
      it(`${first.name} before ${later.map(({ name }) => name).join(', ')}`, async () => {
        for (const second of later) {
          const { target, request } = await faultyRequest(route, new Set([first.name, second.name]));
          await expectRefusal(target, request, first.status, first.code);
        }
      });
    }

    it('and each of these alone', async () => {
      for (const { name, status, code } of possible) {
        const { target, request } = await faultyRequest(route, new Set([name]));
        await expectRefusal(target, request, status, code);
      }
    });
  });
}
