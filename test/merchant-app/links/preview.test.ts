import { describe, expect, it } from 'vitest';
import { businessProfiles } from '../../../src/db/schema.ts';
import { directory } from '../support/team.ts';
import { addLink, filledForm, linksOf, newShop } from './support.ts';

describe('the preview of a link', () => {
  it('is the pay page of what stands in the form, and stores nothing', async () => {
    const shop = await newShop();
    const { sandboxId: workspaceId } = shop.organisation;
    const logo = { logoHash: 'ab'.repeat(32), logoType: 'image/png', logoWidth: 300, logoHeight: 200 } as const;
    await directory.insert(businessProfiles).values({ workspaceId, displayName: 'Harbour', updatedAt: 1, ...logo });
    const form = filledForm({ description: 'Ten weeks', show_name: 'true', button_colour: '#0f5f6b' });
    const response = await shop.browser.post(`${shop.test}/preview`, form);
    expect(response.status).toBe(200);
    const html = await response.text();
    for (const part of [
      'Evening class',
      'Ten weeks',
      'Pay <bdi class="amount">£49.99',
      'Test mode',
      '--button:#0f5f6b',
    ]) {
      expect(html).toContain(part);
    }
    expect(html).toContain('src="http://localhost:8787/logo/0abab');
    // The style sheet of the pay page is in it, so it looks the same.
    expect(html.length).toBeGreaterThan(8000);
    expect(html).toContain('<main aria-label="Preview: the pay page">');
    expect(await linksOf(workspaceId)).toEqual([]);
  });

  it('can be framed by the app alone, runs nothing and sends nothing', async () => {
    const shop = await newShop();
    const response = await shop.browser.post(`${shop.test}/preview`, filledForm());
    const policy = response.headers.get('Content-Security-Policy') ?? '';
    for (const part of ["frame-ancestors 'self'", "form-action 'none'", "script-src 'none'"])
      expect(policy).toContain(part);
    expect(policy).toMatch(/; sandbox$/);
    expect(response.headers.get('X-Frame-Options')).toBe('SAMEORIGIN');
    const [, nonce = ''] = /'nonce-([0-9a-f]+)'/.exec(policy) ?? [];
    const html = await response.text();
    expect(html).toContain(`<style nonce="${nonce}">`);
    expect(html).not.toContain('<script');
    const form = await shop.browser.get(`${shop.test}/new`);
    expect(form.headers.get('Content-Security-Policy')).toContain("frame-src 'self'");
    expect(form.headers.get('X-Frame-Options')).toBe('DENY');
  });

  it('shows what it can of a form with faults', async () => {
    const shop = await newShop();
    const wrong = filledForm({ title: '', amount: 'much', description: 'Still here', success_url: 'nowhere' });
    const html = await (await shop.browser.post(`${shop.test}/preview`, { ...wrong, button_colour: 'red' })).text();
    for (const part of ['The title of your link', 'Still here', '£0.00']) expect(html).toContain(part);
    const open = filledForm({ price: 'open', minimum: 'x', suggested: '25', currency: 'XXX' });
    const chosen = await shop.browser.post(`${shop.test}/preview`, open);
    expect(chosen.status).toBe(200);
    expect(await (await shop.browser.post(`${shop.test}/preview`, {})).text()).toContain('The title of your link');
  });

  it('begins with the stored link, or with an empty one, in the language of the reader', async () => {
    const shop = await newShop();
    const { token } = await addLink(shop, { title: 'Stored' });
    expect(await (await shop.browser.get(`${shop.test}/preview?link=${token}`)).text()).toContain('Stored');
    const german = await shop.browser.get(`${shop.test}/preview`, { 'Accept-Language': 'de' });
    const html = await german.text();
    expect(html).toContain('Der Titel Ihres Links');
    expect(html).toContain('<html lang="de-DE"');
    const other = await newShop();
    expect((await other.browser.get(`${other.test}/preview?link=${token}`)).status).toBe(404);
  });
});
