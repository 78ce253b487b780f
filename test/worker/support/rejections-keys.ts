import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../../src/core/api-keys.ts';
import { DEFAULT_SHARD } from '../../../src/core/ids.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { setPairStatus } from '../../../src/domain/workspaces/set-pair-status.ts';
import { callWith } from './api.ts';
import { countingD1, countingNamespace } from './counting.ts';
import { expectRefusal, newTarget, type ProtectedRoute, scopesFor, send, type Target } from './protected-route.ts';
import { BASE, call, operatorContext } from './workspace.ts';

/** Sends the request with these headers and tells how often the database and the gate were asked. */
async function counted({ route, path }: Target, key: string | null, headers: Record<string, string> = {}) {
  const database = countingD1(env.DB);
  const gate = countingNamespace(env.WORKSPACE_GATE);
  const body = route.body ?? undefined;
  const response = await callWith({ DB: database, WORKSPACE_GATE: gate }, key, route.method, path, body, headers);
  return { response, roundTrips: database.counts.roundTrips, gateCalls: gate.calls.length };
}

function rateHeadersOf(response: Response): string[] {
  return [...response.headers.keys()].filter((name) => name.startsWith('x-ratelimit'));
}

/** Browsers, wrong doors, and everyone without a key of this workspace in force. */
export function rejectsStrangers(route: ProtectedRoute): void {
  rejectsBrowsers(route);
  rejectsWrongDoors(route);
  rejectsBadKeys(route);
  rejectsRevokedKeys(route);
  rejectsMissingScopes(route);
}

function rejectsBrowsers(route: ProtectedRoute): void {
  describe('a browser', () => {
    for (const origin of ['https://shop.example', 'null', new URL(BASE).origin, '']) {
      it(`that sends Origin "${origin}", before its key is looked up`, async () => {
        const target = await newTarget(route);
        const asked = async () => {
          const { response, roundTrips, gateCalls } = await counted(target, target.workspace.key, { Origin: origin });
          expect({ roundTrips, gateCalls }).toEqual({ roundTrips: 0, gateCalls: 0 });
          return response;
        };
        const { response } = await expectRefusal(target, asked, 403, 'insufficient_scope');
        expect(rateHeadersOf(response)).toEqual([]);
      });
    }
  });
}

function rejectsWrongDoors(route: ProtectedRoute): void {
  describe('a wrong door', () => {
    it('with 404 for a path that does not exist, key or none', async () => {
      const target = await newTarget(route);
      for (const key of [target.workspace.key, null]) {
        const nowhere = () => call(key, route.method, `${target.path}/nowhere/at/all`, route.body ?? undefined);
        await expectRefusal(target, nowhere, 404, 'not_found');
      }
    });

    it('with 405 and Allow for another method, key or none', async () => {
      const target = await newTarget(route);
      const others = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((name) => !route.allow.includes(name));
      expect(others.length).toBeGreaterThan(0);
      for (const method of others) {
        for (const key of [target.workspace.key, null]) {
          const wrong = () => call(key, method, target.path);
          const { response } = await expectRefusal(target, wrong, 405, 'method_not_allowed');
          expect(response.headers.get('Allow')).toBe(route.allow);
        }
      }
    });
  });
}

function rejectsBadKeys(route: ProtectedRoute): void {
  describe('a key', () => {
    for (const authorization of [undefined, '', 'Bearer', 'Basic c2s6', 'sk_test_0']) {
      it(`that is missing (Authorization: ${authorization ?? 'none'})`, async () => {
        const target = await newTarget(route);
        const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };
        const missing = () => send(target, { key: null, headers });
        const { response } = await expectRefusal(target, missing, 401, 'missing_authorization');
        expect(response.headers.get('WWW-Authenticate')).toBe('Bearer');
        expect(rateHeadersOf(response)).toEqual([]);
      });
    }

    it('that is malformed or made up, without asking the database', async () => {
      const target = await newTarget(route);
      const { key } = target.workspace;
      const other = await target.workspace.issue();
      const publicKey = await target.workspace.issue({ kind: 'public' });
      const hostile = [
        ...['x', 'sk_test_', 'sk_test_0', `${key}x`, key.slice(0, -1), key.toLowerCase(), `"${key}"`, `${key};`],
        ...[`${key},${other.secret}`, `${key}, Bearer ${other.secret}`, `${key} ${other.secret}`],
        ...[publicKey.secret, key.replace('sk_test_', 'pk_test_'), key.replace('sk_test_', 'sk_live_')],
        ...["' OR 1=1 --", 'sk_test_'.repeat(5000)],
      ];
      for (const made of hostile) {
        const refused = async () => {
          const { response, roundTrips, gateCalls } = await counted(target, made);
          expect({ made, roundTrips, gateCalls }).toEqual({ made, roundTrips: 0, gateCalls: 0 });
          return response;
        };
        const { response } = await expectRefusal(target, refused, 401, 'invalid_api_key');
        expect(rateHeadersOf(response)).toEqual([]);
      }
    });

    it('with any one character changed, without asking the database', async () => {
      const target = await newTarget(route);
      const { key } = target.workspace;
      for (let index = 0; index < key.length; index++) {
        const changed = `${key.slice(0, index)}${key[index] === 'a' ? 'b' : 'a'}${key.slice(index + 1)}`;
        const { response, roundTrips } = await counted(target, changed);
        expect({ index, status: response.status, roundTrips }).toEqual({ index, status: 401, roundTrips: 0 });
      }
    });

    it('that is well-formed and unknown, or of a shard that is not there', async () => {
      const target = await newTarget(route);
      for (const shard of [DEFAULT_SHARD, 'z']) {
        const key = newApiKey({ kind: 'secret', mode: 'sandbox', shard });
        await expectRefusal(target, () => send(target, { key }), 401, 'invalid_api_key');
      }
    });
  });
}

function rejectsRevokedKeys(route: ProtectedRoute): void {
  describe('a key', () => {
    it('that was revoked, from the very next request on', async () => {
      const target = await newTarget(route);
      const issued = await target.workspace.issue();
      expect((await send(target, { key: issued.secret })).status).toBe(route.success);
      await revokeKey(operatorContext(), issued.id);
      const revoked = () => send(target, { key: issued.secret });
      const { response } = await expectRefusal(target, revoked, 401, 'invalid_api_key');
      expect(rateHeadersOf(response)).toEqual([]);
    });

    it('of a suspended workspace with 402, until it is resumed', async () => {
      const target = await newTarget(route);
      await setPairStatus(operatorContext(), target.workspace.workspace.id, 'suspended');
      const { response } = await expectRefusal(target, () => send(target), 402, 'service_inactive');
      expect(rateHeadersOf(response)).toEqual([]);
      await setPairStatus(operatorContext(), target.workspace.workspace.id, 'active');
      expect((await send(target)).status).toBe(route.success);
    });

    it('but not for writing Bearer in other letters', async () => {
      for (const scheme of ['bearer', 'BEARER', 'Bearer  ']) {
        const target = await newTarget(route);
        const headers = { Authorization: `${scheme} ${target.workspace.key}` };
        expect((await send(target, { key: null, headers })).status).toBe(route.success);
      }
    });

    if (!route.body) return;
    it('that was revoked, even for a replay', async () => {
      const target = await newTarget(route);
      const issued = await target.workspace.issue();
      const headers = { 'Idempotency-Key': 'stored' };
      expect((await send(target, { key: issued.secret, headers })).status).toBe(route.success);
      await revokeKey(operatorContext(), issued.id);
      await expectRefusal(target, () => send(target, { key: issued.secret, headers }), 401, 'invalid_api_key');
      const replayed = await send(target, { headers });
      expect([replayed.status, replayed.headers.get('Idempotent-Replayed')]).toEqual([route.success, 'true']);
    });
  });
}

function rejectsMissingScopes(route: ProtectedRoute): void {
  describe('a scope', () => {
    const without: readonly (readonly string[])[] = [
      [],
      ...(route.byNameOnly ? [['service.payments.*']] : []),
      [...route.otherScopes],
      ['service.paymentsx.*', `service.paymentsx${route.scope.slice('service.payments'.length)}`],
      ['service.*', 'service.payments', 'service.payments.', 'service.payments.**', 'payments.*', '**'],
      [`${route.scope}.more`, route.scope.slice(0, -1), route.scope.toUpperCase()],
    ];
    for (const scopes of without) {
      it(`that is missing from [${scopes.join(', ')}]`, async () => {
        const target = await newTarget(route);
        const { secret } = await target.workspace.issue({ scopes });
        const unscoped = () => send(target, { key: secret });
        const { response } = await expectRefusal(target, unscoped, 403, 'insufficient_scope');
        expect(rateHeadersOf(response)).toHaveLength(3);
      });
    }

    it('but takes its own, the wildcard of the service unless it is asked for by name, and the platform wildcard', async () => {
      const enough = [[route.scope], [...route.otherScopes, route.scope], scopesFor(route), ['*']];
      for (const scopes of enough) {
        const target = await newTarget(route);
        const { secret } = await target.workspace.issue({ scopes });
        expect((await send(target, { key: secret })).status).toBe(route.success);
      }
    });
  });
}
