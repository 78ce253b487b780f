import { describe, expect, it } from 'vitest';
import { boot, newWidget, openFrame } from '../support/embed.ts';
import { countedBindings, openPage, pageOf } from '../support/pay-page.ts';
import { writeProfile } from '../support/profiles.ts';
import { newWorkspace } from '../support/workspace.ts';

const NAME = 'Northlight Studio';

describe('what buyers see of a business profile', () => {
  it('is its display name, where the link shows a name, and else the name of the workspace', async () => {
    const shop = await newWorkspace();
    const named = await shop.link({ showBusinessName: true });
    const silent = await shop.link();
    expect((await openPage(named)).text).toContain(NAME);
    await writeProfile(shop, { displayName: 'Harbour & Sons' });
    const page = await openPage(named);
    expect(page.text).toContain('Harbour & Sons');
    expect(page.text).not.toContain(NAME);
    expect((await openPage(silent)).text).not.toMatch(/Harbour|Northlight/);
    const closed = await openPage(await shop.link({ showBusinessName: true, active: false }));
    expect(closed.text).toContain('Harbour & Sons');
    await writeProfile(shop, { displayName: null });
    expect((await openPage(named)).text).toContain(NAME);
  });

  it('is its colour on buttons whose link has none', async () => {
    const shop = await newWorkspace();
    await writeProfile(shop, { brandColor: '#1d4ed8' });
    expect((await openPage(await shop.link())).html).toContain('--button:#1d4ed8;');
    const own = await openPage(await shop.link({ buttonColor: '#123456' }));
    expect(own.html).toContain('--button:#123456;');
    expect(own.html).not.toContain('#1d4ed8');
  });

  it('is in the widget too, in one database round trip, and nothing of another workspace', async () => {
    const widget = await newWidget({ showBusinessName: true });
    const other = await newWorkspace({ shard: widget.shop.shard });
    await writeProfile(other, { displayName: 'Somebody else', brandColor: '#ff0000' });
    const before = await boot(widget);
    expect([before.link.business_name, before.button.background]).toEqual([NAME, '#14171f']);
    await writeProfile(widget.shop, { displayName: 'Harbour & Sons', brandColor: '#1d4ed8' });
    const bindings = countedBindings();
    const { link, button, frame_url } = await boot(widget, { bindings });
    expect([link.business_name, button]).toEqual(['Harbour & Sons', { background: '#1d4ed8', text: '#ffffff' }]);
    expect(bindings.counts.roundTrips).toBe(1);
    const frame = await pageOf(await openFrame(frame_url));
    expect(frame.text).toContain('Harbour & Sons');
    expect(frame.html).toContain('--button:#1d4ed8;');
  });
});
