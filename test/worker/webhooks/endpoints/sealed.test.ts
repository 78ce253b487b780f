import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { callWith, expectError } from '../../support/api.ts';
import { interruptedD1 } from '../../support/counting.ts';
import { gateStub } from '../../support/keyed.ts';
import { act, expectNewEndpoint, expectRotated, newEndpoint, postEndpoint } from '../../support/webhook-endpoints.ts';
import { newWorkspace, type TestWorkspace } from '../../support/workspace.ts';

const BODY = { url: 'https://hooks.yoursite.com/softsolz' };
const KEY = { 'Idempotency-Key': 'endpoint-1' };

/** Every row of the workspace's gate, as text. */
async function gateStorage(shop: TestWorkspace): Promise<string> {
  return await runInDurableObject(gateStub(shop), (_, { storage }) => {
    const tables = storage.sql
      .exec<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'",
      )
      .toArray()
      .map(({ name }) => name);
    return JSON.stringify(tables.map((name) => [name, storage.sql.exec(`SELECT * FROM "${name}"`).toArray()]));
  });
}

describe('a stored answer that holds a secret', () => {
  it('of a creation is replayed byte by byte, and is encrypted in the gate', async () => {
    const shop = await newWorkspace();
    const first = await postEndpoint(shop, BODY, KEY);
    const { id, secret } = await expectNewEndpoint(first.clone());
    const storage = await gateStorage(shop);
    expect(storage).toContain('/webhook-endpoints endpoint-1');
    expect(storage).not.toContain('whsec_');
    expect(storage).not.toContain(secret.slice('whsec_'.length));
    expect(storage).not.toContain(id);

    const replayed = await postEndpoint(shop, BODY, KEY);
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    expect(replayed.headers.get('Content-Type')).toBe(first.headers.get('Content-Type'));
    expect([replayed.status, await replayed.text()]).toEqual([201, await first.text()]);
  });

  it('of a rotation is replayed byte by byte, and is encrypted in the gate', async () => {
    const shop = await newWorkspace();
    const { id } = await newEndpoint(shop);
    const first = await act(shop, id, 'rotate-secret', {}, 'rotation-1');
    const { secret } = await expectRotated(first.clone());
    const storage = await gateStorage(shop);
    expect(storage).toContain('rotate-secret rotation-1');
    expect(storage).not.toContain('whsec_');
    expect(storage).not.toContain(secret.slice('whsec_'.length));
    const replayed = await act(shop, id, 'rotate-secret', {}, 'rotation-1');
    expect(replayed.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await replayed.text()).toBe(await first.text());
  });

  it('is given to a duplicate request that waits for it', async () => {
    const shop = await newWorkspace();
    let duplicate: Promise<Response> | undefined;
    const database = interruptedD1(env, 2, async () => {
      duplicate = postEndpoint(shop, BODY, KEY);
      await vi.waitFor(async () => expect(await gateStub(shop).recentRequests()).toHaveLength(2), { timeout: 30_000 });
    });
    const first = await callWith(database, shop.key, 'POST', '/webhook-endpoints', BODY, KEY);
    const waited = await duplicate;
    expect(waited?.headers.get('Idempotent-Replayed')).toBe('true');
    expect(await waited?.text()).toBe(await first.clone().text());
    await expectNewEndpoint(first);
  });

  it('can be decrypted under a later SECRETS_KEY that still lists the earlier key, and under no other', async () => {
    const shop = await newWorkspace();
    const first = await postEndpoint(shop, BODY, KEY);
    const fresh = btoa('0123456789abcdef0123456789abcdef');
    const later = { SECRETS_KEY: `v2:${fresh},v1:${env.SECRETS_KEY}` };
    const replayed = await callWith(later, shop.key, 'POST', '/webhook-endpoints', BODY, KEY);
    expect(await replayed.text()).toBe(await first.text());
    const lost = await callWith({ SECRETS_KEY: fresh }, shop.key, 'POST', '/webhook-endpoints', BODY, KEY);
    await expectError(lost, 500, 'internal_error');
  });

  it('cannot be decrypted for another idempotency key or workspace', async () => {
    const [shop, other] = await Promise.all([newWorkspace(), newWorkspace()]);
    await expectNewEndpoint(await postEndpoint(shop, BODY, KEY));
    await expectNewEndpoint(await postEndpoint(shop, BODY, { 'Idempotency-Key': 'endpoint-2' }));
    await expectNewEndpoint(await postEndpoint(other, BODY, KEY));
    const bodyIn = (of: TestWorkspace) =>
      runInDurableObject(gateStub(of), (_, { storage }) =>
        storage.sql.exec<{ body: string }>("SELECT body FROM idempotency_keys WHERE name LIKE '% endpoint-1'").one(),
      );
    const { body } = await bodyIn(shop);
    for (const [victim, name] of [
      [shop, 'endpoint-2'],
      [other, 'endpoint-1'],
    ] as const) {
      await runInDurableObject(gateStub(victim), (_, { storage }) => {
        storage.sql.exec('UPDATE idempotency_keys SET body = ? WHERE name LIKE ?', body, `% ${name}`);
      });
      const answer = await postEndpoint(victim, BODY, { 'Idempotency-Key': name });
      expect(await answer.clone().text()).not.toContain('whsec_');
      await expectError(answer, 500, 'internal_error');
    }
  });
});
