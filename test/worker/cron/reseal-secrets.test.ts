import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decryptSecret, parseSecretsKey } from '../../../src/core/crypto.ts';
import { countSealed } from '../../../src/db/sealed-secrets.ts';
import { resealSecrets } from '../../../src/domain/secrets/reseal.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { callWith } from '../support/api.ts';
import { countingD1, interruptedD1 } from '../support/counting.ts';
import { attempt, deliveryRow, freezeTime, passTime } from '../support/deliveries.ts';
import { contextOfJob, fetchWith, runCron } from '../support/direct.ts';
import { inEveryDatabase, SHARDS } from '../support/shards.ts';
import { act, expectRotated, newEndpoint, rowOf } from '../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const OLD = SIMULATED.variables.SECRETS_KEY;
const NEW = btoa('0123456789abcdef0123456789abcdef');
const ROTATING = { SECRETS_KEY: `v2:${NEW},v1:${OLD}` };
const FINISHED = { SECRETS_KEY: `v2:${NEW}` };
const DAY = 24 * 60 * 60 * 1000;

beforeEach(async () => {
  for (const table of ['deliveries', 'webhook_endpoints']) await inEveryDatabase(`DELETE FROM ${table}`);
});

afterEach(() => {
  vi.useRealTimers();
});

const reseal = async (changes = {}, shards: readonly string[] = SHARDS) => {
  for (const shard of shards) await resealSecrets(contextOfJob('reseal-secrets', { ...ROTATING, ...changes }, shard));
};

async function secretIn(sealed: unknown, shop: TestWorkspace, endpointId: string, key = FINISHED): Promise<string> {
  return await decryptSecret(await parseSecretsKey(key.SECRETS_KEY), String(sealed), [shop.workspace.id, endpointId]);
}

async function driftOfSecrets(changes: { SECRETS_KEY?: string }): Promise<unknown> {
  const headers = { Authorization: `Bearer ${SIMULATED.variables.OPERATOR_TOKEN}` };
  const response = await fetchWith(changes, new Request('http://localhost:8787/health/drift', { headers }));
  const { data }: { data: Record<string, unknown> } = await response.json();
  return data.webhook_secrets;
}

describe('After a rotation of SECRETS_KEY', () => {
  it('the cron seals every secret under the new version, and the old version can then be removed', async () => {
    const shops = [await newWorkspace({ webhook: false }), await newWorkspace({ webhook: false, mode: 'live' })];
    const endpoints = await Promise.all(shops.map(async (shop) => ({ shop, made: await newEndpoint(shop) })));
    expect(await driftOfSecrets(ROTATING)).toEqual({ to_reseal: { count: 2 }, unreadable: { count: 0 } });
    expect(await driftOfSecrets(FINISHED)).toEqual({ to_reseal: { count: 0 }, unreadable: { count: 2 } });

    await runCron(ROTATING);
    for (const { shop, made } of endpoints) {
      const { sealed_secret: sealed } = await rowOf(made.id);
      expect(await secretIn(sealed, shop, made.id)).toBe(made.secret);
    }
    expect(await driftOfSecrets(FINISHED)).toEqual({ to_reseal: { count: 0 }, unreadable: { count: 0 } });
  });

  it('a delivery is signed without the old version', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { id } = await newEndpoint(shop);
    await reseal();
    const response = await callWith(FINISHED, shop.key, 'POST', `/webhook-endpoints/${id}/ping`);
    const { data }: { data: { id: string } } = await response.json();
    await attempt([data.id], FINISHED);
    expect(await deliveryRow(data.id)).toMatchObject({ status: 'succeeded' });
  });

  it('both secrets of an endpoint are sealed anew, but one that has ended is deleted', async () => {
    freezeTime();
    const shop = await newWorkspace({ webhook: false });
    const { id, secret } = await newEndpoint(shop);
    await expectRotated(await act(shop, id, 'rotate-secret'));
    await reseal();
    expect(await secretIn((await rowOf(id)).sealed_previous_secret, shop, id)).toBe(secret);

    await reseal({ SECRETS_KEY: `v3:${OLD},v2:${NEW}` });
    expect(await rowOf(id)).toMatchObject({ sealed_previous_secret: expect.stringMatching(/^v3\./) });
    passTime(8 * DAY);
    await reseal({ SECRETS_KEY: `v4:${NEW},v3:${OLD}` });
    expect(await rowOf(id)).toMatchObject({
      sealed_secret: expect.stringMatching(/^v4\./),
      sealed_previous_secret: null,
    });
  });

  it('a secret that a merchant rotates meanwhile is kept, and the rotation is not refused', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { id } = await newEndpoint(shop);
    // The merchant's request comes between the read and the write of the job, and the other way round.
    const meanwhile = interruptedD1(env, 2, async () => void (await act(shop, id, 'rotate-secret')));
    await reseal(meanwhile, [shop.shard]);
    expect(await rowOf(id)).toMatchObject({
      sealed_secret: expect.stringMatching(/^v1\./),
      sealed_previous_secret: expect.stringMatching(/^v1\./),
    });
    await reseal();
    const between = interruptedD1(env, 3, async () => await reseal({ SECRETS_KEY: `v3:${OLD},v2:${NEW}` }));
    const bindings = { SECRETS_KEY: `v2:${NEW},v3:${OLD}`, ...between };
    const rotated = await callWith(bindings, shop.key, 'POST', `/webhook-endpoints/${id}/rotate-secret`, {
      force: true,
    });
    const { secret } = await expectRotated(rotated);
    expect(await secretIn((await rowOf(id)).sealed_secret, shop, id)).toBe(secret);
    expect(await rowOf(id)).toMatchObject({ sealed_previous_secret: expect.stringMatching(/^v3\./) });
  });

  it('a secret that cannot be opened stays as it is, and delays no other', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [broken, whole] = [await newEndpoint(shop), await newEndpoint(shop)];
    await shop.binding
      .prepare("UPDATE webhook_endpoints SET sealed_secret = 'v1.AAAA.AAAA' WHERE id = ?")
      .bind(broken.id)
      .run();
    await reseal();
    expect(await rowOf(broken.id)).toMatchObject({ sealed_secret: 'v1.AAAA.AAAA' });
    expect(await rowOf(whole.id)).toMatchObject({ sealed_secret: expect.stringMatching(/^v2\./) });
  });
});

describe('The job that seals secrets anew', () => {
  it('costs nothing with one version of SECRETS_KEY, and one read of few rows when all is done', async () => {
    const shop = await newWorkspace({ webhook: false });
    await Promise.all(Array.from({ length: 5 }, () => newEndpoint(shop)));
    const idle = countingD1(env);
    await resealSecrets(contextOfJob('reseal-secrets', idle.bindings, shop.shard));
    expect(idle.counts.roundTrips).toBe(0);

    await reseal();
    const done = countingD1(env);
    await reseal(done.bindings, [shop.shard]);
    expect(done.counts).toMatchObject({ roundTrips: 1, rowsWritten: 0 });
    const { results } = await shop.binding
      .prepare(
        "EXPLAIN QUERY PLAN SELECT id FROM webhook_endpoints WHERE (sealed_secret >= 'v1.' AND sealed_secret < 'v1/') OR (sealed_previous_secret >= 'v1.' AND sealed_previous_secret < 'v1/')",
      )
      .all<{ detail: string }>();
    expect(results.map(({ detail }) => detail).join('\n')).not.toContain('SCAN');
  });

  it('leaves counts by version behind, of both secrets of an endpoint', async () => {
    const shop = await newWorkspace({ webhook: false });
    const [one] = [await newEndpoint(shop), await newEndpoint(shop)];
    await act(shop, one.id, 'rotate-secret');
    expect(await countSealed(shop.database, Date.now())).toEqual([{ version: 'v1', count: 3, more: false }]);
    await reseal();
    await newEndpoint(shop);
    expect(await countSealed(shop.database, Date.now())).toEqual([
      { version: 'v1', count: 1, more: false },
      { version: 'v2', count: 3, more: false },
    ]);
    expect(await countSealed(shop.database, Date.now() + 8 * DAY)).toEqual([
      { version: 'v1', count: 1, more: false },
      { version: 'v2', count: 2, more: false },
    ]);
  });
});
