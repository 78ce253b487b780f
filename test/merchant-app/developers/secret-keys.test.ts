import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { hashApiKey, parseApiKey } from '../../../src/core/api-keys.ts';
import { findAuthority } from '../../../src/db/api-keys.ts';
import { apiKeys, auditLog } from '../../../src/db/schema.ts';
import { TestApp } from '../support/app.ts';
import { type AtWork, atWork, formIdOf, memberAt, pageOf, textOf } from '../support/screens.ts';
import { directory, newMember } from '../support/team.ts';

const app = new TestApp();

const keysOf = ({ workspaceId }: AtWork) =>
  directory.select().from(apiKeys).where(eq(apiKeys.workspaceId, workspaceId));
const auditOf = ({ workspaceId }: AtWork) =>
  directory.select().from(auditLog).where(eq(auditLog.workspaceId, workspaceId));

/** The secret key on a page. */
const secretOn = (page: string) => /sk_(?:test|live)_[0-9A-Za-z]{31}/.exec(page)?.[0] ?? '';

async function openForm(at: AtWork): Promise<string[][]> {
  return [['form', formIdOf(await pageOf(await at.browser.get(at.path('developers/keys/new'))))]];
}

const WHOLE = [
  ['name', 'Shop server'],
  ['access', 'some'],
  ['scope', 'service.payments.links.read'],
  ['scope', 'service.payments.checkout.create'],
  ['rate', '120'],
];

describe('A secret key', () => {
  it('is made by a form, shown by its answer alone, and works', async () => {
    const at = await atWork(app, { role: 'developer' });
    const response = await at.browser.post(at.path('developers/keys'), [...(await openForm(at)), ...WHOLE]);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    const page = await pageOf(response);
    const secret = secretOn(page);
    expect(parseApiKey(secret)).toMatchObject({ kind: 'secret', mode: 'sandbox' });
    expect(textOf(page)).toContain(`-H "Authorization: Bearer ${secret}"`);
    expect(await findAuthority(directory, await hashApiKey(secret))).toMatchObject({
      key: {
        name: 'Shop server',
        scopes: ['service.payments.checkout.create', 'service.payments.links.read'],
        rateLimitPerMinute: 120,
        revokedAt: null,
      },
      workspace: { id: at.workspaceId },
    });
    const list = await pageOf(await at.browser.get(at.path('developers/keys')));
    expect(list).toContain('Shop server');
    expect(secretOn(list)).toBe('');
    expect(await auditOf(at)).toMatchObject([{ action: 'api_key.issue', actor: expect.stringMatching(/^person:/) }]);
  });

  it('is made once, however often the form is sent, and not shown again', async () => {
    const at = await atWork(app);
    const form = [...(await openForm(at)), ...WHOLE];
    const pages = await Promise.all([1, 2, 3].map(() => at.browser.post(at.path('developers/keys'), form)));
    const shown = (await Promise.all(pages.map((one) => pageOf(one)))).filter((page) => secretOn(page) !== '');
    expect(shown).toHaveLength(1);
    const again = textOf(await pageOf(await at.browser.post(at.path('developers/keys'), form)));
    expect(again).toContain('This key was made already');
    expect(again).toContain('Shop server');
    expect(await keysOf(at)).toHaveLength(1);
    expect(await auditOf(at)).toHaveLength(1);
  });

  it('is another one if the form was changed before it was sent again', async () => {
    const at = await atWork(app);
    const form = await openForm(at);
    await at.browser.post(at.path('developers/keys'), [...form, ...WHOLE]);
    await at.browser.post(at.path('developers/keys'), [...form, ...WHOLE.slice(1), ['name', 'Till']]);
    expect((await keysOf(at)).map(({ name }) => name).sort()).toEqual(['Shop server', 'Till']);
  });

  it('with faults is not made: the form comes back with what was typed', async () => {
    const at = await atWork(app);
    const sent = [...(await openForm(at)), ['name', ' '], ['access', 'some'], ['rate', '10001']];
    const page = await pageOf(await at.browser.post(at.path('developers/keys'), sent), 422);
    expect(page).toContain('value="10001"');
    expect(textOf(page)).toContain('Give the key a name');
    expect(textOf(page)).toContain('Tick at least one thing');
    expect(textOf(page)).toContain('Give a whole number from 1 to 10,000');
    expect(await keysOf(at)).toEqual([]);
  });

  it('may do everything but public keys, if that is chosen, whatever is ticked', async () => {
    const at = await atWork(app);
    const sent = [...(await openForm(at)), ...WHOLE.filter(([name]) => name !== 'access'), ['access', 'all']];
    await pageOf(await at.browser.post(at.path('developers/keys'), sent));
    expect((await keysOf(at)).map(({ scopes }) => scopes)).toEqual([['service.payments.*']]);
  });
});

describe('The scopes of a key', () => {
  const scopes = (...names: string[]) => names.map((name) => ['scope', name]);
  const REST = [
    ['name', 'Stolen'],
    ['access', 'some'],
    ['rate', '60'],
  ];

  it.each([
    ['developer', 'sandbox', '*'],
    ['owner', 'sandbox', '*'],
    ['owner', 'live', '*'],
    ['owner', 'live', 'service.payments.unheard.of'],
    ['admin', 'live', 'service.payments.*'],
    ['admin', 'live', 'service.payments.account.write'],
  ] as const)('a %s in %s cannot give %s, also not by a request without the page', async (role, mode, scope) => {
    const at = await atWork(app, { role, mode });
    const sent = [...(await openForm(at)), ...REST, ...scopes('service.payments.links.read', scope)];
    const page = await pageOf(await at.browser.post(at.path('developers/keys'), sent), 403);
    expect(textOf(page)).toContain('Your role may not give a key these rights');
    expect(await keysOf(at)).toEqual([]);
    expect(await auditOf(at)).toEqual([]);
  });

  it('that only an owner gives are shown to an admin, with the reason, and cannot be ticked', async () => {
    const owner = await atWork(app, { mode: 'live' });
    const admin = memberAt((await newMember(app, owner.organisation, 'admin')).browser, owner.organisation, 'live');
    const disabled = async (at: AtWork) => {
      const page = await pageOf(await at.browser.get(at.path('developers/keys/new')));
      return [...page.matchAll(/<input[^>]*value="([^"]*)"[^>]*disabled/g)].map(([, value]) => value);
    };
    expect(await disabled(admin)).toEqual(['all', 'service.payments.account.write']);
    expect(await disabled(owner)).toEqual([]);
    const sent = [...(await openForm(admin)), ...REST, ...scopes('service.payments.keys.write')];
    await pageOf(await admin.browser.post(admin.path('developers/keys'), sent));
    expect(await keysOf(admin)).toMatchObject([{ scopes: ['service.payments.keys.write'] }]);
  });
});

describe('Revoking a secret key', () => {
  async function withKey(role: 'owner' | 'developer' = 'owner') {
    const at = await atWork(app, { role });
    const secret = secretOn(
      await pageOf(await at.browser.post(at.path('developers/keys'), [...(await openForm(at)), ...WHOLE])),
    );
    const [key] = await keysOf(at);
    if (!key) throw new Error('There is no key');
    return { at, key, secret };
  }

  it('has a page of its own, which says when the key was last used', async () => {
    const { at, key } = await withKey();
    const page = at.path(`developers/keys/${key.id}/revoke`);
    expect(textOf(await pageOf(await at.browser.get(page)))).toContain('This key was never used');
    const { gate } = await at.context();
    const request = { keyId: key.id, method: 'GET', route: '/payments', requestId: 'one', at: Date.now() };
    await gate.admit({
      request: { ...request, status: null, code: null },
      limitPerMinute: 60,
      shard: '0',
      idempotency: null,
    });
    expect(textOf(await pageOf(await at.browser.get(page)))).toContain('This key was last used:');
    const list = await pageOf(await at.browser.get(at.path('developers/keys')));
    expect(textOf(list)).not.toContain('Never');
  });

  it('ends it at once and once, and hides it behind a link', async () => {
    const { at, key } = await withKey('developer');
    for (const _ of [1, 2]) {
      const response = await at.browser.post(at.path(`developers/keys/${key.id}/revoke`));
      expect([response.status, response.headers.get('Location')]).toEqual([303, at.path('developers/keys')]);
    }
    const [revoked] = await keysOf(at);
    expect(revoked?.revokedAt).not.toBeNull();
    expect((await auditOf(at)).map(({ action }) => action).sort()).toEqual(['api_key.issue', 'api_key.revoke']);
    expect(textOf(await pageOf(await at.browser.get(at.path('developers/keys'))))).not.toContain('Shop server');
    const all = textOf(await pageOf(await at.browser.get(at.path('developers/keys?revoked=shown'))));
    expect(all).toContain('Shop server');
    expect(all).toContain('Revoked');
  });

  it('finds no key of another workspace', async () => {
    const { key } = await withKey();
    const stranger = await atWork(app);
    await pageOf(await stranger.browser.get(stranger.path(`developers/keys/${key.id}/revoke`)), 404);
    await pageOf(await stranger.browser.post(stranger.path(`developers/keys/${key.id}/revoke`)), 404);
    const [kept] = await directory.select().from(apiKeys).where(eq(apiKeys.id, key.id));
    expect(kept?.revokedAt).toBeNull();
  });
});

describe('The list of keys', () => {
  it('shows a viewer no buttons, and whom to ask', async () => {
    const at = await atWork(app, { role: 'viewer' });
    const page = await pageOf(await at.browser.get(at.path('developers/keys')));
    expect(page).not.toContain('keys/new');
    expect(textOf(page)).toContain('Ask an admin or owner');
  });

  it('is in German for a German browser, without a word of the English page', async () => {
    const at = await atWork(app);
    const page = await pageOf(await at.browser.get(at.path('developers/keys'), { 'Accept-Language': 'de-DE,de' }));
    expect(page).toContain('lang="de"');
    expect(textOf(page)).toContain('Geheime Schlüssel');
    expect(textOf(page)).not.toMatch(/Secret keys|Create|Public keys/);
  });
});
