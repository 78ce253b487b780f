import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../../src/core/api-keys.ts';
import { findEmbedByKey } from '../../../src/db/api-keys.ts';
import { apiKeys, auditLog } from '../../../src/db/schema.ts';
import { TestApp } from '../support/app.ts';
import { type AtWork, atWork, formIdOf, pageOf, textOf } from '../support/screens.ts';
import { directory } from '../support/team.ts';

const app = new TestApp();

const keysOf = ({ workspaceId }: AtWork) =>
  directory.select().from(apiKeys).where(eq(apiKeys.workspaceId, workspaceId));
const publicKeyOn = (page: string) => /pk_(?:test|live)_[0-9A-Za-z]{31}/.exec(page)?.[0] ?? '';

async function create(at: AtWork, origins: string, name = 'Website') {
  const form = formIdOf(await pageOf(await at.browser.get(at.path('developers/public-keys/new'))));
  return await at.browser.post(at.path('developers/public-keys'), { form, name, origins });
}

describe('A public key', () => {
  it('is made with its websites, and shown with the tag of the widget', async () => {
    const at = await atWork(app, { role: 'developer' });
    const page = await pageOf(await create(at, 'https://Shop.example.com\r\n\r\n http://localhost:* '));
    const key = publicKeyOn(page);
    expect(textOf(page)).toContain(`data-public-key="${key}"`);
    expect(textOf(page)).toContain('<script src="http://localhost:8787/softsolz.js"');
    const found = await findEmbedByKey(directory, await hashApiKey(key), '');
    expect(found?.key).toMatchObject({ allowedOrigins: ['https://shop.example.com', 'http://localhost:*'] });
  });

  it('is made once, however often the form is sent', async () => {
    const at = await atWork(app);
    const form = formIdOf(await pageOf(await at.browser.get(at.path('developers/public-keys/new'))));
    const fields = { form, name: 'Website', origins: 'https://shop.example.com' };
    const send = async () =>
      publicKeyOn(await pageOf(await at.browser.post(at.path('developers/public-keys'), fields)));
    expect(new Set([await send(), await send()]).size).toBe(1);
    expect(await keysOf(at)).toHaveLength(1);
  });

  it.each([
    ['sandbox', 'ftp://shop.example', '"ftp://shop.example" cannot be used'],
    ['sandbox', '', 'Give 1 to 50 websites'],
    ['live', 'http://localhost:3000', '"http://localhost:3000" cannot be used'],
  ] as const)('of the %s is refused for "%s", with a reason and what was typed', async (mode, origins, reason) => {
    const at = await atWork(app, { mode });
    const page = await pageOf(await create(at, origins), 422);
    expect(textOf(page)).toContain(reason);
    expect(page).toContain(`${origins}</textarea>`);
    expect(await keysOf(at)).toEqual([]);
  });

  it('is refused in German where the browser asks for German', async () => {
    const at = await atWork(app);
    const german = { 'Accept-Language': 'de' };
    const fields = { form: '', name: '', origins: 'shop' };
    const page = textOf(await pageOf(await at.browser.post(at.path('developers/public-keys'), fields, german), 422));
    expect(page).toContain('„shop“ geht nicht');
    expect(page).toContain('Geben Sie dem Schlüssel einen Namen');
    expect(page).not.toContain('must be');
  });

  it('is changed, and revoked on a page of its own', async () => {
    const at = await atWork(app);
    await create(at, 'https://shop.example.com');
    const [key] = await keysOf(at);
    const path = at.path(`developers/public-keys/${key?.id}`);
    const form = await pageOf(await at.browser.get(path));
    expect(form).toContain('https://shop.example.com</textarea>');
    expect(textOf(form)).toContain('data-public-key="YOUR_PUBLIC_KEY"');
    expect(textOf(form)).toContain(`Write the key Website (pk_test_…${key?.last4}) in place of YOUR_PUBLIC_KEY`);
    const changed = await at.browser.post(path, { name: 'Blog', origins: 'https://*.blog.example.com' });
    expect(changed.headers.get('Location')).toBe(at.path('developers/keys'));
    expect(await keysOf(at)).toMatchObject([{ name: 'Blog', allowedOrigins: ['https://*.blog.example.com'] }]);

    expect(textOf(await pageOf(await at.browser.get(`${path}/revoke`)))).toContain('Revoke Blog?');
    expect((await at.browser.post(`${path}/revoke`)).status).toBe(303);
    expect((await keysOf(at))[0]?.revokedAt).not.toBeNull();
    await pageOf(await at.browser.get(path), 404);
    const entries = await directory.select().from(auditLog).where(eq(auditLog.workspaceId, at.workspaceId));
    expect(entries.map(({ action }) => action)).toEqual(['api_key.issue', 'api_key.update', 'api_key.revoke']);
  });

  it('is not the 21st of a workspace', async () => {
    const at = await atWork(app);
    for (let number = 1; number <= 20; number++) await create(at, 'https://shop.example.com', `Website ${number}`);
    const page = await pageOf(await create(at, 'https://shop.example.com'), 409);
    expect(textOf(page)).toContain('as many of these as a workspace can have');
    expect(await keysOf(at)).toHaveLength(20);
  });
});
