import { eq } from 'drizzle-orm';
import { describe, expect, it } from 'vitest';
import { findProfile } from '../../../src/db/business-profiles.ts';
import { auditLog } from '../../../src/db/schema.ts';
import { png } from '../../support/pictures.ts';
import { TestApp } from '../support/app.ts';
import { directory, newMember, newOrganisation } from '../support/team.ts';

const app = new TestApp();

async function shop() {
  const organisation = await newOrganisation('Harbour Studio');
  const admin = await newMember(app, organisation, 'admin');
  return { ...organisation, admin, path: `/app/test/${organisation.id}/settings/business` };
}

const VALUES = {
  display_name: 'Harbour & Sons <Ltd>',
  support_email: 'hello@harbour.example',
  support_phone: '+44 20 7946 0958',
  website: 'https://harbour.example/',
  terms_url: '',
  privacy_url: '',
  refund_policy_url: 'https://harbour.example/refunds',
  brand_color: '#1D4ED8',
};

describe('the business profile', () => {
  it('begins with the name of the workspace, and is saved for one mode', async () => {
    const { admin, path, sandboxId, id } = await shop();
    expect(await (await admin.browser.get(path)).text()).toContain('value="Harbour Studio"');
    const response = await admin.browser.post(path, VALUES);
    expect([response.status, response.headers.get('Location')]).toEqual([303, `${path}?saved=1`]);
    expect(await findProfile(directory, sandboxId)).toMatchObject({
      displayName: VALUES.display_name,
      supportEmail: VALUES.support_email,
      website: VALUES.website,
      termsUrl: null,
      brandColor: '#1d4ed8',
    });
    expect(await findProfile(directory, id)).toBeNull();
    const page = await (await admin.browser.get(`${path}?saved=1`)).text();
    expect(page).toContain('value="Harbour &amp; Sons &lt;Ltd&gt;"');
    expect(page).toContain('Saved. Buyers see it at once.');
    const [entry] = await directory.select().from(auditLog).where(eq(auditLog.workspaceId, sandboxId));
    expect(entry).toMatchObject({
      action: 'profile.update',
      actor: `person:${admin.id}`,
      address: admin.browser.address,
    });
  });

  it('an empty field clears what was stored', async () => {
    const { admin, path, sandboxId } = await shop();
    await admin.browser.post(path, VALUES);
    await admin.browser.post(path, { ...VALUES, support_email: '', website: '  ' });
    expect(await findProfile(directory, sandboxId)).toMatchObject({ supportEmail: null, website: null });
  });

  it.each([
    ['display_name', ''],
    ['display_name', 'x'.repeat(101)],
    ['support_email', 'nobody'],
    ['support_phone', '12'],
    ['website', 'javascript:alert(1)'],
    ['terms_url', 'harbour.example'],
    ['brand_color', 'red'],
  ])('shows what is wrong with %s %j, keeps what was typed, and stores nothing', async (field, value) => {
    const { admin, path, sandboxId } = await shop();
    const response = await admin.browser.post(path, { ...VALUES, [field]: value });
    expect(response.status).toBe(422);
    const page = await response.text();
    expect(page).toContain(`id="${field}-error"`);
    expect(page.match(/class="error"/g)).toHaveLength(1);
    expect(page).toContain(`value="${VALUES.refund_policy_url}"`);
    expect(await findProfile(directory, sandboxId)).toBeNull();
  });

  it('says what is wrong in German to a German browser', async () => {
    const { admin, path } = await shop();
    const response = await admin.browser.post(path, { ...VALUES, website: 'x' }, { 'Accept-Language': 'de' });
    const page = await response.text();
    expect(page).toContain('Geben Sie eine ganze Adresse ein, zum Beispiel https://shop.example.com.');
    expect(page).not.toMatch(/must be|Enter /);
  });

  it('has a logo, which can be removed, and refuses what is no picture', async () => {
    const { admin, path, sandboxId } = await shop();
    const logo = new File([png({ width: 32, height: 32 })], 'logo.png', { type: 'image/png' });
    expect((await admin.browser.postFile(`${path}/logo`, 'logo', logo)).status).toBe(303);
    const { logoHash, logoWidth } = (await findProfile(directory, sandboxId)) ?? {};
    expect(logoWidth).toBe(32);
    expect(await (await admin.browser.get(path)).text()).toContain(`/logo/0${logoHash}`);

    const text = new File(['<svg onload=alert(1)>'], 'logo.png', { type: 'image/png' });
    const refused = await admin.browser.postFile(`${path}/logo`, 'logo', text);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain('id="logo-error"');
    const large = new File([new Uint8Array(129 * 1024)], 'logo.png', { type: 'image/png' });
    expect((await admin.browser.postFile(`${path}/logo`, 'logo', large)).status).toBe(422);
    expect(await findProfile(directory, sandboxId)).toMatchObject({ logoHash });

    expect((await admin.browser.post(`${path}/logo/remove`)).status).toBe(303);
    expect(await findProfile(directory, sandboxId)).toMatchObject({ logoHash: null });
  });

  it('shows a viewer everything, and no button', async () => {
    const { path, ...organisation } = await shop();
    const viewer = await newMember(app, organisation, 'viewer');
    const page = await (await viewer.browser.get(path)).text();
    expect(page).toContain('Admins and owners can change this.');
    expect(page).not.toContain('Save</button>');
  });
});
