import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../../src/core/api-keys.ts';
import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { setPairStatus } from '../../../src/domain/workspaces/set-pair-status.ts';
import { callWith } from './api.ts';
import { countingD1, countingNamespace } from './counting.ts';
import {
  expectRefusal,
  expectRefusals,
  newTarget,
  type ProtectedRoute,
  scopesFor,
  send,
  type Target,
  targetsOf,
} from './protected-route.ts';
import { BASE, call, operatorContext } from './workspace.ts';

/** Sends the request with these headers and counts the calls to the database and to the gate. */
async function counted({ route, path }: Target, key: string | null, headers: Record<string, string> = {}) {
  const database = countingD1(env);
  const gate = countingNamespace(env.WORKSPACE_GATE);
  const body = route.body ?? route.file;
  const response = await callWith(
    { ...database.bindings, WORKSPACE_GATE: gate },
    key,
    route.method,
    path,
    body,
    headers,
  );
  return { response, roundTrips: database.counts.roundTrips, gateCalls: gate.calls.length };
}

function rateHeadersOf(response: Response): string[] {
  return [...response.headers.keys()].filter((name) => name.startsWith('x-ratelimit'));
}

/** Browsers, wrong paths and methods, and everyone without a key of this workspace in force. */
export function rejectsStrangers(route: ProtectedRoute, shared: () => Promise<Target>): void {
  rejectsBrowsers(shared);
  rejectsWrongRoutes(route, shared);
  rejectsBadKeys(shared);
  rejectsRevokedKeys(route);
  rejectsMissingScopes(route, shared);
}

function rejectsBrowsers(shared: () => Promise<Target>): void {
  it('a browser, whatever Origin it sends, before its key is looked up', async () => {
    const target = await shared();
    const send = async (origin: string) => {
      const { response, roundTrips, gateCalls } = await counted(target, target.workspace.key, { Origin: origin });
      expect({ origin, roundTrips, gateCalls }).toEqual({ origin, roundTrips: 0, gateCalls: 0 });
      return response;
    };
    const origins = ['https://shop.example', 'null', new URL(BASE).origin, ''];
    for (const { response } of await expectRefusals(target, origins, send, 403, 'insufficient_scope')) {
      expect(rateHeadersOf(response)).toEqual([]);
    }
  });
}

function rejectsWrongRoutes(route: ProtectedRoute, shared: () => Promise<Target>): void {
  describe('a wrong route', () => {
    it('with 404 for a path that does not exist, key or none', async () => {
      const target = await shared();
      const nowhere = (key: string | null) =>
        call(key, route.method, `${target.path}/nowhere/at/all`, route.body ?? undefined);
      await expectRefusals(target, [target.workspace.key, null], nowhere, 404, 'not_found');
    });

    it('with 405 and Allow for another method, key or none', async () => {
      const target = await shared();
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((name) => !route.allow.includes(name));
      expect(others.length).toBeGreaterThan(0);
      const wrong = others.flatMap((method) => [
        { method, key: target.workspace.key },
        { method, key: null },
      ]);
      const request = ({ method, key }: (typeof wrong)[number]) => call(key, method, target.path);
      for (const { response } of await expectRefusals(target, wrong, request, 405, 'method_not_allowed')) {
        expect(response.headers.get('Allow')).toBe(route.allow);
      }
    });
  });
}

function rejectsBadKeys(shared: () => Promise<Target>): void {
  describe('a key', () => {
    it('that is missing, or of another scheme', async () => {
      const target = await shared();
      const missing = (authorization: string | undefined) =>
        send(target, { key: null, headers: authorization === undefined ? {} : { Authorization: authorization } });
      const values = [undefined, '', 'Bearer', 'Basic c2s6', 'sk_test_0'];
      for (const { response } of await expectRefusals(target, values, missing, 401, 'missing_authorization')) {
        expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
        expect(rateHeadersOf(response)).toEqual([]);
      }
    });

    it('that is malformed or made up, without asking the database', async () => {
      const target = await shared();
      const { key } = target.workspace;
      const other = await target.workspace.issue();
      const publicKey = await target.workspace.issue({ kind: 'public' });
      const hostile = [
        ...['x', 'sk_test_', 'sk_test_0', `${key}x`, key.slice(0, -1), key.toLowerCase(), `"${key}"`, `${key};`],
        ...[`${key},${other.secret}`, `${key}, Bearer ${other.secret}`, `${key} ${other.secret}`],
        ...[publicKey.secret, key.replace('sk_test_', 'pk_test_'), key.replace('sk_test_', 'sk_live_')],
        ...["' OR 1=1 --", 'sk_test_'.repeat(5000)],
      ];
      const request = async (made: string) => {
        const { response, roundTrips, gateCalls } = await counted(target, made);
        expect({ made, roundTrips, gateCalls }).toEqual({ made, roundTrips: 0, gateCalls: 0 });
        return response;
      };
      for (const { response } of await expectRefusals(target, hostile, request, 401, 'invalid_api_key')) {
        expect(rateHeadersOf(response)).toEqual([]);
      }
    });

    it('with any one character changed, without asking the database', async () => {
      const target = await shared();
      const { key } = target.workspace;
      for (let index = 0; index < key.length; index++) {
        const changed = `${key.slice(0, index)}${key[index] === 'a' ? 'b' : 'a'}${key.slice(index + 1)}`;
        const { response, roundTrips } = await counted(target, changed);
        expect({ index, status: response.status, roundTrips }).toEqual({ index, status: 401, roundTrips: 0 });
      }
    });

    it('that is well-formed and unknown, or of a shard that is not there', async () => {
      const target = await shared();
      const unknown = (shard: string) => send(target, { key: newApiKey({ kind: 'secret', mode: 'sandbox', shard }) });
      await expectRefusals(target, [DEFAULT_SHARD, 'z'], unknown, 401, 'invalid_api_key');
    });
  });
}

function rejectsRevokedKeys(route: ProtectedRoute): void {
  describe('a key', () => {
    it('that was revoked, from the very next request on', async () => {
      const target = await newTarget(route);
      const issued = await target.workspace.issue();
      expect((await send(target, { key: issued.secret })).status).toBe(route.success);
      await revokeKey(operatorContext(target.workspace.shard), issued.id);
      const revoked = () => send(target, { key: issued.secret });
      const { response } = await expectRefusal(target, revoked, 401, 'invalid_api_key');
      expect(rateHeadersOf(response)).toEqual([]);
    });

    it('of a suspended workspace with 402, until it is resumed', async () => {
      const target = await newTarget(route);
      await setPairStatus(operatorContext(target.workspace.shard), {
        id: target.workspace.workspace.id,
        status: 'suspended',
      });
      const { response } = await expectRefusal(target, () => send(target), 402, 'service_inactive');
      expect(rateHeadersOf(response)).toEqual([]);
      await setPairStatus(operatorContext(target.workspace.shard), {
        id: target.workspace.workspace.id,
        status: 'active',
      });
      expect((await send(target)).status).toBe(route.success);
    });

    it('but not for writing Bearer in other letters', async () => {
      const next = targetsOf(route);
      for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
        const target = await next();
        const headers = { Authorization: `${scheme} ${target.workspace.key}` };
        expect((await send(target, { key: null, headers })).status).toBe(route.success);
      }
    });

    if (!route.body || route.neverStored) return;
    it('that was revoked, even for a replay', async () => {
      const target = await newTarget(route);
      const issued = await target.workspace.issue();
      const headers = { 'Idempotency-Key': 'stored' };
      expect((await send(target, { key: issued.secret, headers })).status).toBe(route.success);
      await revokeKey(operatorContext(target.workspace.shard), issued.id);
      await expectRefusal(target, () => send(target, { key: issued.secret, headers }), 401, 'invalid_api_key');
      const replayed = await send(target, { headers });
      expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([route.success, 'true']);
    });
  });
}

function rejectsMissingScopes(route: ProtectedRoute, shared: () => Promise<Target>): void {
  describe('a scope', () => {
    it('that is missing, whatever other scopes the key has', async () => {
      const without: readonly (readonly string[])[] = [
        [],
        ...(route.byNameOnly ? [['service.payments.*']] : []),
        [...route.otherScopes],
        ['service.paymentsx.*', `service.paymentsx${route.scope.slice('service.payments'.length)}`],
        ['service.*', 'service.payments', 'service.payments.', 'service.payments.**', 'payments.*', '**'],
        [`${route.scope}.more`, route.scope.slice(0, -1), route.scope.toUpperCase()],
      ];
      const target = await shared();
      const keys: { scopes: readonly string[]; key: string }[] = [];
      for (const scopes of without) keys.push({ scopes, key: (await target.workspace.issue({ scopes })).secret });
      const request = ({ key }: (typeof keys)[number]) => send(target, { key });
      for (const { response } of await expectRefusals(target, keys, request, 403, 'insufficient_scope')) {
        expect(rateHeadersOf(response)).toHaveLength(3);
      }
    });

    it('but takes its own, the wildcard of the service unless it is asked for by name, and the platform wildcard', async () => {
      const enough = [[route.scope], [...route.otherScopes, route.scope], scopesFor(route), ['*']];
      const next = targetsOf(route);
      for (const scopes of enough) {
        const target = await next();
        const { secret } = await target.workspace.issue({ scopes });
        expect((await send(target, { key: secret })).status).toBe(route.success);
      }
    });
  });
}
