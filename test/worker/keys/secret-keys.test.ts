import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { parseApiKey } from '../../../src/core/api-keys.ts';
import { newFormId } from '../../../src/core/ids.ts';
import { issueKeyOnce } from '../../../src/domain/keys/issue-key-once.ts';
import { readSecretKeys } from '../../../src/domain/keys/queries.ts';
import { revokeSecretKey } from '../../../src/domain/keys/revoke-key.ts';
import { operationOfForm } from '../../../src/domain/operations.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1, countingNamespace, failingD1 } from '../support/counting.ts';
import { personIn } from '../support/person.ts';
import { call, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const NEW = { name: 'Web shop', scopes: ['service.payments.links.read'], rateLimitPerMinute: 60 };
const PAGE = { limit: 10, offset: 0, before: null };

/** Sends the form for a new key. */
async function send(shop: TestWorkspace, form = newFormId(), changes = {}) {
  const context = await personIn(shop, changes);
  const { operation } = await operationOfForm(context, { action: 'issue_key', form });
  return await issueKeyOnce(context, { ...NEW, operationId: operation.id });
}

const statusWith = async (secret: string | null) => (await call(secret, 'GET', '/payment-links')).status;

describe('A secret key that a person makes', () => {
  it('works, is shown once, and only its fingerprint is kept', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { key, secret } = await send(shop);
    expect(parseApiKey(String(secret))).toEqual({ kind: 'secret', mode: 'sandbox', shard: shop.shard });
    expect(await statusWith(secret)).toBe(200);
    expect((await call(secret, 'POST', '/payment-links', {})).status).toBe(403);
    expect(JSON.stringify(await rowsOf('api_keys', shop.workspace.id))).not.toContain(String(secret));
    const audit = (await rowsOf('audit_log', shop.workspace.id)).filter(({ object }) => object === key.id);
    expect(audit).toMatchObject([{ action: 'api_key.issue', actor: 'person:usr_ann', address: '203.0.113.7' }]);
  });

  it('is one key, also if the form is sent again: the second time it has no secret', async () => {
    const shop = await newWorkspace({ webhook: false });
    const form = newFormId();
    const first = await send(shop, form);
    const again = await send(shop, form);
    expect(again).toEqual({ key: first.key, secret: null });
    expect(await statusWith(first.secret)).toBe(200);
    expect(await rowsOf('api_keys', shop.workspace.id)).toHaveLength(2);
    const audit = (await rowsOf('audit_log', shop.workspace.id)).filter(({ object }) => object === first.key.id);
    expect(audit).toHaveLength(1);
    expect((await send(shop)).key.id).not.toBe(first.key.id);
  });

  it('is one key after a double click, of which one shows its secret', async () => {
    const shop = await newWorkspace({ webhook: false });
    const form = newFormId();
    const answers = await Promise.all([send(shop, form), send(shop, form), send(shop, form)]);
    expect(new Set(answers.map(({ key }) => key.id)).size).toBe(1);
    const [secret, ...more] = answers.flatMap((answer) => answer.secret ?? []);
    expect([await statusWith(secret ?? null), more]).toEqual([200, []]);
  });

  it('is one key where the database has failed: after its work the secret is lost, and says so', async () => {
    const shop = await newWorkspace({ webhook: false });
    for (const [when, isShown] of [
      ['before', true],
      ['after', false],
    ] as const) {
      const form = newFormId();
      await expect(send(shop, form, failingD1(env, 1, when))).rejects.toThrow();
      expect((await send(shop, form)).secret !== null).toBe(isShown);
    }
    expect(await rowsOf('api_keys', shop.workspace.id)).toHaveLength(3);
  });

  it('is refused beyond 20 in force, without regard to public keys', async () => {
    const shop = await newWorkspace({ webhook: false });
    await shop.issue({ kind: 'public' });
    for (let made = 1; made < 20; made++) await shop.issue();
    const form = newFormId();
    await expect(send(shop, form)).rejects.toMatchObject({ code: 'limit_reached' });
    const { items } = await readSecretKeys(await personIn(shop), PAGE);
    await revokeSecretKey(await personIn(shop), String(items[0]?.id));
    expect((await send(shop, form)).secret).not.toBeNull();
  });
});

describe('The list of secret keys', () => {
  it('has each key of the workspace with its last use, newest first, in one round trip and one call', async () => {
    const shop = await newWorkspace({ webhook: false });
    await shop.issue({ kind: 'public' });
    await (await newWorkspace({ webhook: false, shard: shop.shard })).issue();
    const { key, secret } = await send(shop);
    const startedAt = Date.now();
    expect(await statusWith(secret)).toBe(200);
    const database = countingD1(env);
    const gate = countingNamespace(env.WORKSPACE_GATE);
    const context = await personIn(shop, { ...database.bindings, WORKSPACE_GATE: gate });
    const { items, nextCursor } = await readSecretKeys(context, PAGE);
    expect([items.length, nextCursor, database.counts.roundTrips, gate.calls]).toEqual([2, null, 1, ['lastUses']]);
    expect(items[0]).toEqual({
      id: key.id,
      ...NEW,
      prefix: 'sk_test_',
      last4: String(secret).slice(-4),
      createdAt: key.createdAt,
      revokedAt: null,
      lastUsedAt: expect.toSatisfy((at) => at >= startedAt && at <= Date.now()),
    });
    expect(items[1]).toMatchObject({ name: 'test', lastUsedAt: null });
  });
});

describe('Revoking a secret key', () => {
  it('refuses its next request, and is repeatable', async () => {
    const shop = await newWorkspace({ webhook: false });
    const { key, secret } = await send(shop);
    await revokeSecretKey(await personIn(shop), key.id);
    await revokeSecretKey(await personIn(shop), key.id);
    expect(await statusWith(secret)).toBe(401);
    const audit = (await rowsOf('audit_log', shop.workspace.id)).filter(({ object }) => object === key.id);
    expect(audit.map(({ action }) => action)).toEqual(['api_key.issue', 'api_key.revoke']);
  });

  it('finds neither a key of another workspace nor a public key', async () => {
    const shop = await newWorkspace({ webhook: false });
    const other = await newWorkspace({ webhook: false, shard: shop.shard });
    const foreign = await other.issue();
    const open = await shop.issue({ kind: 'public' });
    for (const { id } of [foreign, open]) {
      await expect(revokeSecretKey(await personIn(shop), id)).rejects.toMatchObject({ code: 'not_found' });
    }
    expect(await statusWith(foreign.secret)).toBe(200);
  });
});
