import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { en } from '../../../src/http/buyer/locales/en.ts';
import type { ShownLogo } from '../../../src/http/buyer/page-parts.tsx';
import type { DoneStatus } from '../../../src/http/buyer/strings.tsx';
import { previewImage } from '../../../src/http/pay/preview.tsx';
import { readerOf } from './texts.ts';
import { closedHtml, doneHtml, NOT_SHOWN, openHtml, payHtml, WHOLE_LOGO, WHOLE_PROFILE } from './views.ts';

const FAULT = { fault: { amount: { code: 'empty' } as const } };
const NAMELESS = { businessName: null };

function titleIn(html: string): string | undefined {
  return /<title>([^<]*)<\/title>/.exec(html)?.[1];
}

/** What a chat reads: the `og:` and `twitter:` tags of a page, by name. */
function previewIn(html: string): Record<string, string> {
  const tags = html.matchAll(/<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)"\/>/g);
  return Object.fromEntries([...tags].map(([, name = '', content = '']) => [name, content]));
}

describe('the title of a page', () => {
  it('says what is paid for and who is paid, and who is not named stays out of it', async () => {
    expect(titleIn(await payHtml())).toBe('Studio deposit · Northlight Studio');
    expect(titleIn(await payHtml(NAMELESS))).toBe('Studio deposit');
    expect(titleIn(await doneHtml(NAMELESS))).toBe('Paid · Studio deposit');
    expect(titleIn(await closedHtml(NAMELESS))).toBe(`${en.closed.inactive.title} · Studio deposit`);
  });

  it('says first that the form was refused, in the language of the reader', async () => {
    const title = 'Error: Studio deposit · Northlight Studio';
    expect(titleIn(await openHtml(FAULT))).toBe(title);
    for (const notice of ['price_changed', 'try_again', 'slow_down'] as const) {
      expect(titleIn(await payHtml({ notice, cancelled: true }))).toBe(title);
    }
    const german = { ...(await readerOf('de')), ...FAULT };
    expect(titleIn(await openHtml(german))).toBe('Fehler: Studio deposit · Northlight Studio');
  });

  it('says that nothing was paid to a buyer who comes back from Checkout', async () => {
    expect(titleIn(await payHtml({ cancelled: true }))).toBe('Not paid · Studio deposit · Northlight Studio');
  });

  it('says that they have paid to a buyer who comes again', async () => {
    const earlier = { status: 'already_paid' as const, url: '/done' };
    const title = `${en.closed.already_paid.title} · Studio deposit · Northlight Studio`;
    expect(titleIn(await payHtml({ earlier }))).toBe(title);
  });

  it('says how a payment stands, in a short word where it is paid', async () => {
    const statuses: DoneStatus[] = ['confirming', 'processing', 'failed', 'expired', 'refunded', 'partially_refunded'];
    for (const status of statuses) {
      const title = `${en.done[status].title} · Studio deposit · Northlight Studio`;
      expect(titleIn(await doneHtml({ status }))).toBe(title);
    }
    expect(titleIn(await doneHtml())).toBe('Paid · Studio deposit · Northlight Studio');
  });

  it('says why a page takes no payment, and names this service where no link is known', async () => {
    expect(titleIn(await closedHtml({ reason: 'sold_out' }))).toBe(
      `${en.closed.sold_out.title} · Studio deposit · Northlight Studio`,
    );
    expect(titleIn(await closedHtml(NOT_SHOWN))).toContain(`${en.closed.done_unavailable.title} · Studio deposit`);
    const unknown = { reason: 'not_found' as const, heading: null, canonicalUrl: null, ...NAMELESS };
    expect(titleIn(await closedHtml(unknown))).toBe(`${en.closed.not_found.title} · SoftSolz Payments`);
  });
});

describe('what a screen reader says first', () => {
  /** The elements that take the focus when the page loads. */
  const focusedIn = (html: string) => html.match(/<[^>]*\sautofocus=[^>]*>/g) ?? [];

  it('is the notice of the pay page, which is an alert with the focus', async () => {
    for (const state of [{ cancelled: true }, { notice: 'try_again' as const }]) {
      expect(focusedIn(await payHtml(state))).toEqual([
        expect.stringMatching(/^<p class="notice[^"]*" role="alert" tabindex="-1" autofocus=""/),
      ]);
    }
    expect(focusedIn(await payHtml())).toEqual([]);
  });

  it('is the field of a refused amount, and the notice leaves the focus to it', async () => {
    const html = await openHtml({ ...FAULT, cancelled: true });
    expect(focusedIn(html)).toEqual([expect.stringMatching(/^<input id="amount"/)]);
    expect(html).toContain('role="alert"');
  });

  it('is the heading of a page without a form, with the note that explains it', async () => {
    for (const html of [await doneHtml(), await doneHtml({ status: 'confirming' }), await closedHtml()]) {
      expect(focusedIn(html)).toEqual([
        expect.stringMatching(/^<h1 tabindex="-1" autofocus="" aria-describedby="note"/),
      ]);
      expect(html).toContain('<p class="note" id="note">');
    }
  });
});

describe('the preview of a pay page in a chat', () => {
  it('has the title, a fixed price, the seller and the beginning of the description', async () => {
    expect(previewIn(await payHtml())).toEqual({
      'og:type': 'website',
      'og:site_name': 'Northlight Studio',
      'og:title': 'Studio deposit · £50.00',
      'og:description': 'Northlight Studio · 50% non-refundable booking deposit. The rest is due on the day.',
      'og:url': 'https://pay.example/pay/link/lnk_08f3c2a1b9d4e5f60718',
      'og:image': 'https://pay.example/preview.png',
      'og:image:width': '1200',
      'og:image:height': '630',
      'og:image:alt': 'Secure payment · SoftSolz Payments',
      'twitter:card': 'summary_large_image',
    });
    expect(previewIn(await openHtml())['og:title']).toBe('Studio deposit');
  });

  it('names no seller who is not shown, and speaks of safety where the link has no description', async () => {
    const html = await payHtml({ ...NAMELESS, text: null });
    expect(html).not.toContain('Northlight');
    expect(previewIn(html)).toMatchObject({
      'og:site_name': 'SoftSolz Payments',
      'og:description': en.cardAtStripe,
    });
  });

  it('cuts a long description after a word, in languages with and without spaces', async () => {
    const cut = async (text: string) => previewIn(await payHtml({ ...NAMELESS, text }))['og:description'] ?? '';
    expect(await cut('Two lines\n\nof text')).toBe('Two lines of text');
    const english = await cut('Clay, glaze and firing. '.repeat(20));
    expect(english).toMatch(/(firing|glaze|Clay|and)…$/);
    const japanese = await cut('陶芸の講座です。土と釉薬と焼成を含みます。'.repeat(20));
    for (const text of [english, japanese]) {
      expect(text.length).toBeGreaterThan(100);
      expect(text.length).toBeLessThanOrEqual(160);
    }
    expect(await cut('a'.repeat(400))).toBe(`${'a'.repeat(159)}…`);
  });

  it('cuts a long description within its last word where that is long: a sentence without spaces, an address', async () => {
    const cut = async (text: string) => previewIn(await payHtml({ ...NAMELESS, text }))['og:description'];
    const japanese = `【春の陶芸教室】 ${'粘土と釉薬と焼成を含む六回の講座です'.repeat(20)}`;
    expect(await cut(japanese)).toBe(`${japanese.slice(0, 159)}…`);
    const address = `Read https://studio.example/${'courses-'.repeat(40)}`;
    expect(await cut(address)).toBe(`${address.slice(0, 159)}…`);
    const long = `${'a'.repeat(129)} ${'b'.repeat(200)}`;
    expect(await cut(long)).toBe(`${'a'.repeat(129)}…`);
    expect(await cut(long.slice(1))).toBe(`${'a'.repeat(128)} ${'b'.repeat(30)}…`);
  });

  it('has a picture of the size that it says, small enough for every chat', async () => {
    const file = readFileSync(resolve(import.meta.dirname, '../../../public/preview.png'));
    const tags = previewIn(await payHtml());
    const { width, height } = decode(file);
    expect([String(width), String(height)]).toEqual([tags['og:image:width'], tags['og:image:height']]);
    expect(file.length).toBeLessThanOrEqual(30 * 1024);
  });

  it('has the logo of a seller as a small picture', async () => {
    const seller = { businessName: 'Harbour', profile: WHOLE_PROFILE, strings: en };
    const logo = previewImage('https://a.example', seller);
    const tags = {
      'og:image': `https://a.example${WHOLE_LOGO.path}`,
      'og:image:width': '512',
      'og:image:height': '256',
      'og:image:alt': 'Harbour',
      'twitter:card': 'summary',
    };
    expect(previewIn(await payHtml({ previewImage: logo }))).toMatchObject(tags);
    const card = previewImage('https://a.example', { ...seller, businessName: null });
    expect(previewIn(await payHtml({ previewImage: card }))['og:image']).toBe('https://a.example/preview.png');
  });

  it('has the card in place of a logo that chats do not show: a small one, or a WebP', () => {
    const kindWith = (changes: Partial<ShownLogo>) => {
      const profile = { logo: { ...WHOLE_LOGO, ...changes } };
      return previewImage('https://a.example', { businessName: 'Harbour', profile, strings: en }).kind;
    };
    expect(kindWith({ width: 200, height: 200 })).toBe('logo');
    expect(kindWith({ type: 'image/jpeg' })).toBe('logo');
    expect(kindWith({ height: 199 })).toBe('card');
    expect(kindWith({ width: 199 })).toBe('card');
    expect(kindWith({ type: 'image/webp' })).toBe('card');
  });

  it('has no price on a page that takes no payment, and nothing of a payment on a receipt', async () => {
    for (const html of [await closedHtml(), await doneHtml()]) {
      const preview = previewIn(html);
      expect(preview).toMatchObject({ 'og:title': 'Studio deposit', 'og:site_name': 'Northlight Studio' });
      expect(preview['og:image']).toBe('https://pay.example/preview.png');
      expect(JSON.stringify(preview)).not.toMatch(/£|Paid|8123|session_id/);
    }
  });

  it('is left out where no link is known', async () => {
    const html = await closedHtml({ reason: 'not_found', heading: null, canonicalUrl: null, ...NAMELESS });
    expect(previewIn(html)).toEqual({});
  });
});
