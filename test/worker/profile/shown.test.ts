import { describe, expect, it } from 'vitest';
import { atCheckout, donePage, settleQuietly } from '../support/done-page.ts';
import { boot, newWidget, openFrame } from '../support/embed.ts';
import { countedBindings, ORIGIN, openPage, pageOf } from '../support/pay-page.ts';
import { writeProfile } from '../support/profiles.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const NAME = 'Northlight Studio';

const PROFILE = {
  displayName: 'Harbour & Sons',
  logoHash: '5a'.repeat(32),
  logoType: 'image/png',
  logoWidth: 512,
  logoHeight: 256,
  supportEmail: 'hello@harbour.example',
  supportPhone: '+44 (0)20 7946 0046',
  website: 'https://www.harbour.example/',
  termsUrl: 'https://harbour.example/terms?a=1&b="<x>',
  privacyUrl: 'https://harbour.example/privacy',
  refundPolicyUrl: 'https://harbour.example/refunds',
} as const;

/** The parts of a page that tell who the seller is, and must not be there where the seller is not named. */
const TELLS_WHO = /Harbour &|Northlight|\/logo\/|href="https:\/\/www\.harbour\.example/;

/** The addresses of the links of a page that lead to the seller. */
function sellerLinks(html: string): string[] {
  const links = html.matchAll(/<a [^>]*href="((?:mailto:|tel:|https:\/\/[\w.]*harbour)[^"]*)"/g);
  return [...links].map(([, href = '']) => href);
}

const CONTACTS = ['mailto:hello@harbour.example', 'tel:+442079460046'];
const LEGAL = [
  'https://harbour.example/terms?a=1&amp;b=&quot;&lt;x&gt;',
  'https://harbour.example/privacy',
  'https://harbour.example/refunds',
];

/** A pay page, a closed page and a receipt of the same seller. */
async function pagesOf(shop: TestWorkspace, showBusinessName: boolean) {
  const link = await shop.link({ showBusinessName });
  const { session } = await atCheckout(shop, link);
  await settleQuietly(shop, session, 'paid');
  return [
    await openPage(link),
    await openPage(await shop.link({ showBusinessName, active: false })),
    await donePage(link, session),
  ];
}

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
    await writeProfile(shop, { brandColor: '#6d28d9' });
    expect((await openPage(await shop.link())).html).toContain('--button:#6d28d9;');
    const own = await openPage(await shop.link({ buttonColor: '#123456' }));
    expect(own.html).toContain('--button:#123456;');
    expect(own.html).not.toContain('#6d28d9');
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

  it('is the logo, the contacts and the terms, on the pay page, on a closed page and after Checkout', async () => {
    const shop = await newWorkspace();
    await writeProfile(shop, PROFILE);
    for (const { html } of await pagesOf(shop, true)) {
      const path = `/logo/${shop.shard}${PROFILE.logoHash}`;
      expect(html).toContain(`<img class="mark" src="${path}" width="512" height="256" alt="" decoding="async"/>`);
      expect(html).toContain(`<meta property="og:image" content="${ORIGIN}${path}"/>`);
      expect(html).toContain('<meta name="twitter:card" content="summary"/>');
      expect(sellerLinks(html)).toEqual([...CONTACTS, 'https://www.harbour.example/', ...LEGAL]);
    }
  });

  it('is only contacts and terms where the link shows no name', async () => {
    const shop = await newWorkspace();
    await writeProfile(shop, PROFILE);
    for (const { html } of await pagesOf(shop, false)) {
      expect(html).not.toMatch(TELLS_WHO);
      expect(html).toContain(`<meta property="og:image" content="${ORIGIN}/preview.png"/>`);
      expect(sellerLinks(html)).toEqual([...CONTACTS, ...LEGAL]);
    }
  });

  it('is nothing where nothing is set, and nothing of the profile of another workspace', async () => {
    const shop = await newWorkspace();
    await writeProfile(await newWorkspace({ shard: shop.shard }), PROFILE);
    for (const { html } of await pagesOf(shop, true)) {
      expect(html).not.toContain('arbour');
      expect(html).not.toMatch(/class="(ask|legal)"|<img class="mark"/);
    }
  });

  it('is read in the same database round trip as the link', async () => {
    const shop = await newWorkspace();
    await writeProfile(shop, PROFILE);
    const link = await shop.link({ showBusinessName: true });
    const bindings = countedBindings();
    expect((await openPage(link, { bindings })).text).toContain('hello@harbour.example');
    expect(bindings.counts.roundTrips).toBe(1);
  });

  it.each([true, false])('is in the frame of the widget, by the same rule (named: %s)', async (showBusinessName) => {
    const widget = await newWidget({ showBusinessName });
    await writeProfile(widget.shop, PROFILE);
    const answer = await boot(widget);
    expect(answer.link.business_name).toBe(showBusinessName ? PROFILE.displayName : null);
    const { html } = await pageOf(await openFrame(answer.frame_url));
    const website = showBusinessName ? ['https://www.harbour.example/'] : [];
    expect(sellerLinks(html)).toEqual([...CONTACTS, ...website, ...LEGAL]);
    if (showBusinessName)
      expect(html).toContain(`<img class="mark" src="/logo/${widget.shop.shard}${PROFILE.logoHash}"`);
    else expect(html + JSON.stringify(answer)).not.toMatch(TELLS_WHO);
  });

  it.each([true, false])('is also in a frame that takes no payment (named: %s)', async (showBusinessName) => {
    const inactiveMessage = 'Closed <for now>. Ask ann@harbour.example, please.';
    const widget = await newWidget({ showBusinessName, inactiveMessage });
    await writeProfile(widget.shop, PROFILE);
    const { frame_url } = await boot(widget);
    const open = await pageOf(await openFrame(frame_url));
    const written =
      'Closed &lt;for now&gt;. Ask <a href="mailto:ann@harbour.example" dir="ltr">ann@harbour.example</a>';
    expect(open.html).toMatch(new RegExp(`<template id="message"><p class="note"><bdi>${written}, please`));
    await widget.shop.binding
      .prepare('UPDATE payment_links SET active = 0 WHERE token = ?')
      .bind(widget.link.token)
      .run();
    const { status, html, text } = await pageOf(await openFrame(frame_url));
    expect([status, text.includes('Studio deposit'), html.includes(written)]).toEqual([410, true, true]);
    const website = showBusinessName ? ['https://www.harbour.example/'] : [];
    expect(sellerLinks(html)).toEqual(['mailto:ann@harbour.example', ...CONTACTS, ...website, ...LEGAL]);
    if (showBusinessName) {
      expect(html).toContain(`<img class="mark" src="/logo/${widget.shop.shard}${PROFILE.logoHash}"`);
      expect(html).toMatch(/<title>[^<]+ · Studio deposit · Harbour &amp; Sons<\/title>/);
    } else expect(html).not.toMatch(TELLS_WHO);
  });
});
