import { describe, expect, it } from 'vitest';
import { TestApp } from '../support/app.ts';
import { insertEntries } from '../support/entries.ts';
import { newMember, newOrganisation } from '../support/team.ts';

const app = new TestApp();

describe('the audit log in the settings', () => {
  it('says who has changed what, when and from where, newest first', async () => {
    const organisation = await newOrganisation();
    const owner = await newMember(app, organisation, 'owner');
    const admin = await newMember(app, organisation, 'admin');
    await admin.browser.post(`/app/test/${organisation.id}/settings/business`, { display_name: 'Quayside' });
    await insertEntries(organisation.sandboxId, [
      { actor: 'cron', action: 'account.updated', object: 'acct_1' },
      { actor: 'person:gone', action: 'member.leave', object: 'gone' },
    ]);
    const path = `/app/test/${organisation.id}/settings/audit`;
    const page = await (await owner.browser.get(path)).text();
    expect(page).toContain('Business profile changed');
    expect(page).toContain(admin.email);
    expect(page).toContain(admin.browser.address);
    expect(page).toContain('A person who was here');
    expect(page.indexOf('Member has left')).toBeLessThan(page.indexOf('Business profile changed'));
    expect(await (await admin.browser.get(path)).text()).toContain('>You<');
    const live = await (await owner.browser.get(path.replace('/test/', '/live/'))).text();
    expect(live).toContain('Nothing was changed yet');
  });

  it('has words for what Stripe and the operators do', async () => {
    const organisation = await newOrganisation();
    const viewer = await newMember(app, organisation, 'viewer');
    await insertEntries(organisation.sandboxId, [
      { actor: 'stripe', action: 'account.charges_lost', object: 'acct_1' },
      { actor: 'stripe', action: 'payment.dispute.needs_response', object: '1' },
      { actor: 'operator', action: 'quarantine.release', object: 'evt_1' },
      { actor: 'operator', action: 'member.invite.admin', object: 'inv_1' },
    ]);
    const page = await (await viewer.browser.get(`/app/test/${organisation.id}/settings/audit`)).text();
    for (const words of [
      'Stripe account can no longer take payments',
      'Dispute at Stripe: needs_response',
      'Stripe event that had failed applied',
      'Somebody invited as Admin',
    ]) {
      expect(page).toContain(words);
    }
  });

  it('goes on to older entries page by page, and shows each once', async () => {
    const organisation = await newOrganisation('Harbour Studio', '1');
    const viewer = await newMember(app, organisation, 'viewer');
    const objects = Array.from({ length: 120 }, (_, number) => `lnk_${number}_`);
    await insertEntries(
      organisation.sandboxId,
      objects.map((object) => ({ actor: 'operator', action: 'payment_link.update', object })),
      '1',
    );
    let path: string | undefined = `/app/test/${organisation.id}/settings/audit`;
    const seen: string[] = [];
    for (let pages = 0; path !== undefined && pages < 5; pages++) {
      const page = await (await viewer.browser.get(path)).text();
      seen.push(...(page.match(/lnk_\d+_/g) ?? []));
      path = /href="([^"]+)" rel="next"/.exec(page)?.[1];
    }
    expect(seen).toEqual(objects.toReversed());
  });
});
