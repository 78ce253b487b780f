import { afterEach, describe, expect, it, vi } from 'vitest';
import { accountOf, expectError, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { askBootstrap, boot } from '../support/embed.ts';
import { expectKey, KEYS_WRITE, listKeys, newKey, newKeyOwner, patchKey } from '../support/public-keys.ts';
import { stripeRequests } from '../support/simulator.ts';
import { call } from '../support/workspace.ts';

const ORIGINS = ['https://shop.example'];

afterEach(() => {
  vi.useRealTimers();
});

async function revoke(key: string, id: string): Promise<Response> {
  return await call(key, 'DELETE', `/public-keys/${id}`);
}

describe('changing a public key', () => {
  it('is felt by its pages at the next request, and registers new hosts for wallets', async () => {
    const shop = await newKeyOwner();
    const { id, key, ...made } = await newKey(shop, ORIGINS);
    const widget = { shop, key, keyId: id, link: await shop.link() };
    await boot(widget);
    const changed = await expectKey(await patchKey(shop, id, { allowed_origins: ['https://new.example'] }));
    expect(changed).toEqual({ ...made, id, allowed_origins: ['https://new.example'] });
    await expectError(await askBootstrap(widget), 403, 'origin_not_allowed');
    await boot(widget, { origin: 'https://new.example' });
    const domains = await stripeRequests(accountOf(shop.account));
    expect(domains.map(({ params }) => params.domain_name)).toEqual(['shop.example', 'new.example']);
  });

  it('takes a name alone, and asks Stripe nothing', async () => {
    const shop = await newKeyOwner({ mode: 'live' });
    const { id } = await newKey(shop, ORIGINS);
    const before = (await stripeRequests(accountOf(shop.account))).length;
    expect(await expectKey(await patchKey(shop, id, { name: 'Shop' }))).toMatchObject({
      name: 'Shop',
      allowed_origins: ORIGINS,
    });
    expect(await stripeRequests(accountOf(shop.account))).toHaveLength(before);
  });

  it('with nothing to change writes nothing', async () => {
    const shop = await newKeyOwner();
    const { id, key: _, ...made } = await newKey(shop, ORIGINS);
    const before = await rowsOf('audit_log', shop.workspace.id);
    expect(await expectKey(await patchKey(shop, id, {}))).toEqual({ id, ...made });
    expect(await rowsOf('audit_log', shop.workspace.id)).toEqual(before);
  });

  it('refuses what creating refuses, and writes nothing', async () => {
    const shop = await newKeyOwner({ mode: 'live' });
    const { id } = await newKey(shop, ORIGINS);
    for (const [body, path] of [
      [{ allowed_origins: ['http://localhost:*'] }, 'allowed_origins.0'],
      [{ allowed_origins: [] }, 'allowed_origins'],
      [{ allowed_origins: null }, 'allowed_origins'],
      [{ name: null }, 'name'],
      [{ name: 'x'.repeat(101) }, 'name'],
    ] as const) {
      const error = await expectError(await patchKey(shop, id, body), 400, 'validation_failed');
      expect(error.details?.map((detail) => detail.path)).toEqual([path]);
    }
    expect((await listKeys(shop)).data).toMatchObject([{ name: 'Public key', allowed_origins: ORIGINS }]);
  });
});

describe('revoking a public key', () => {
  it('ends it at the next request, once, and it stays on the list', async () => {
    const shop = await newKeyOwner();
    const { id, key } = await newKey(shop, ORIGINS);
    const widget = { shop, key, keyId: id, link: await shop.link() };
    await boot(widget);
    for (let times = 0; times < 2; times++) {
      const response = await revoke(shop.key, id);
      expect([response.status, await response.text()]).toEqual([204, '']);
    }
    await expectError(await askBootstrap(widget), 401, 'invalid_api_key');
    const [listed] = (await listKeys(shop)).data;
    expect([listed?.id, typeof listed?.revoked_at]).toEqual([id, 'string']);
    await expectError(await patchKey(shop, id, { name: 'Back' }), 404, 'not_found');
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter(({ object }) => object === id).map(({ action }) => action)).toEqual([
      'api_key.issue',
      'api_key.revoke',
    ]);
  });
});

describe('keys that are not public ones of this workspace', () => {
  it('are the same 404: unknown, secret, of another workspace, of the other mode', async () => {
    const shop = await newKeyOwner();
    const live = await newKeyOwner({ mode: 'live', pairOf: shop });
    const stranger = await newKeyOwner();
    const secret = await shop.issue({ scopes: [KEYS_WRITE] });
    const ids = [(await newKey(live, ORIGINS)).id, (await newKey(stranger, ORIGINS)).id, secret.id, 'key_0x', "' OR 1"];
    const messages = new Set<string>();
    for (const id of ids) {
      const path = encodeURIComponent(id);
      messages.add((await expectError(await patchKey(shop, path, { name: 'x' }), 404, 'not_found')).message);
      messages.add((await expectError(await revoke(shop.key, path), 404, 'not_found')).message);
    }
    expect(messages.size).toBe(1);
    const rows = [shop, live, stranger].map(({ workspace }) => rowsOf('api_keys', workspace.id));
    for (const row of (await Promise.all(rows)).flat()) expect(row.revoked_at).toBeNull();
    expect((await listKeys(shop)).data).toEqual([]);
  });
});

describe('the list of public keys', () => {
  it('is newest first, by page, offset and cursor, and never shows a key', async () => {
    const shop = await newKeyOwner({ account: 'none' });
    const ids: string[] = [];
    const keys: string[] = [];
    freezeTime();
    for (let index = 0; index < 5; index++) {
      passTime(1);
      const { id, key } = await newKey(shop, ORIGINS);
      ids.unshift(id);
      keys.push(key);
    }
    const all = await listKeys(shop);
    expect(all.data.map(({ id }) => id)).toEqual(ids);
    expect(all.meta).toEqual({ limit: 50, offset: 0, has_more: false, next_cursor: null });
    for (const key of keys) expect(JSON.stringify(all)).not.toContain(key);
    const byOffset = await listKeys(shop, '?limit=2&offset=2');
    expect(byOffset.data.map(({ id }) => id)).toEqual(ids.slice(2, 4));
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = await listKeys(shop, `?limit=2${cursor}`);
      seen.push(...page.data.map(({ id }) => id));
      expect(page.meta.has_more).toBe(page.meta.next_cursor !== null);
      if (page.meta.next_cursor === null) break;
      // By time, because the number of a row would tell how many keys there are in all.
      expect(page.meta.next_cursor).toMatch(/^t/);
      cursor = `&cursor=${page.meta.next_cursor}`;
    }
    expect(seen).toEqual(ids);
  });
});
