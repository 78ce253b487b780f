import { describe, expect, it } from 'vitest';
import { closedHtml, doneHtml, openHtml, payHtml, WHOLE_PROFILE } from './views.ts';

const HOSTILE = `"><img src=x onerror=alert(1)></title></style><script>alert(2)</script>' onload=x \u202e &lt;`;

/** The tags of a page, without their attributes' order or the inline style and script. */
const tagsOf = (html: string): string[] => [...html.matchAll(/<([a-z!][a-z0-9]*)/gi)].map(([, tag = '']) => tag);

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeText = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

describe('hostile text on a page', () => {
  it('adds no tag and no attribute to the pay page, wherever it stands', async () => {
    const passthrough = { utm_source: HOSTILE };
    const html = await openHtml({
      businessName: HOSTILE,
      heading: HOSTILE,
      text: HOSTILE,
      action: HOSTILE,
      form: HOSTILE,
      shownPrice: HOSTILE,
      canonicalUrl: HOSTILE,
      previewImage: { kind: 'logo', url: HOSTILE, width: 1, height: 1, alt: HOSTILE },
      qrSvgUrl: HOSTILE,
      reportUrl: HOSTILE,
      button: { background: HOSTILE, text: HOSTILE },
      prefill: { email: HOSTILE, reference: HOSTILE, passthrough, amount: HOSTILE },
    });
    const harmless = await openHtml({
      button: { background: null, text: null },
      prefill: { email: 'a', reference: 'b', passthrough: { utm_source: 'c' }, amount: 'd' },
    });
    expect(tagsOf(html)).toEqual(tagsOf(harmless));
    expect(html.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<[^>]*\sonerror=/);
    expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;');
  });

  it('adds no tag to the closed and the done page', async () => {
    const closed = { heading: HOSTILE, businessName: HOSTILE, message: HOSTILE, retryUrl: HOSTILE };
    expect(tagsOf(await closedHtml(closed))).toEqual(tagsOf(await closedHtml({ message: 'm', retryUrl: '/' })));
    const done = { heading: HOSTILE, businessName: HOSTILE, reference: HOSTILE, refreshUrl: HOSTILE };
    const urls = {
      statusUrl: HOSTILE,
      continueUrl: HOSTILE,
      payUrl: HOSTILE,
      method: { name: HOSTILE, last4: HOSTILE },
    };
    for (const status of ['paid', 'confirming'] as const) {
      const html = await doneHtml({ status, ...done, ...urls });
      expect(tagsOf(html)).toEqual(tagsOf(await doneHtml({ status, continueUrl: '/' })));
    }
  });

  it('adds nothing to a page as a profile, which opens no address but those that were set', async () => {
    const url = 'https://shop.example/?a="><img src=x onerror=alert(1)>';
    const hostile = {
      ...WHOLE_PROFILE,
      logo: { path: HOSTILE, type: 'image/png' as const, width: 10, height: 10 },
      website: url,
      supportEmail: `"><script>@shop.example`,
      supportPhone: '"><script> 020 7946 0000',
      termsUrl: url,
      privacyUrl: url,
      refundPolicyUrl: url,
    };
    for (const render of [payHtml, closedHtml, doneHtml]) {
      const html = await render({ profile: hostile });
      expect(tagsOf(html)).toEqual(tagsOf(await render({ profile: WHOLE_PROFILE })));
      expect(html).toContain('href="mailto:%22%3E%3Cscript%3E@shop.example"');
      expect(html).toContain('href="tel:02079460000"');
      const addresses = [...html.matchAll(/<a href="(http[^"]*)" target="_blank" rel="noopener"/g)];
      expect(new Set(addresses.map(([, address]) => address))).toEqual(new Set([escapeText(url)]));
    }
  });

  it.each([
    [`ann@example.com${HOSTILE}`, ['ann@example.com']],
    [`${HOSTILE} ann@example.com" onclick="x`, ['ann@example.com']],
    [`"><script>@x.com javascript:x@y`, []],
    [`a&b%3f#"'@example.com o'hara%0a&cc=x@example.com?bcc=z@example.com`, []],
    [`a&b%3f'c@example.com`, ["a%26b%253f'c@example.com"]],
    ['راسلنا: ann@example.com.', ['ann@example.com']],
    [`${'x@'.repeat(1000)}`, []],
  ])('becomes a link only where it is an e-mail address, and adds nothing to it: %s', async (text, addresses) => {
    const quotes = (html: string) => html.replaceAll('&#39;', "'");
    const wanted = addresses.map((address) => `<a href="mailto:${address}" dir="ltr">`);
    for (const [html, plain] of [
      [await payHtml({ text }), await payHtml({ text: 'x'.repeat(text.length) })],
      [await closedHtml({ message: text }), await closedHtml({ message: 'x' })],
    ] as const) {
      expect(quotes(html).match(/<a [^>]*mailto:[^>]*>/g) ?? []).toEqual(wanted);
      const shown = html.replaceAll(/<a [^>]*mailto:[^>]*>([^<]*)<\/a>/g, '$1');
      expect(tagsOf(shown)).toEqual(tagsOf(plain));
      expect(shown).toContain(`<bdi>${escapeText(text)}</bdi></p>`);
    }
    for (const html of [await payHtml({ heading: text, businessName: text }), await doneHtml({ heading: text })]) {
      expect(html).not.toContain('mailto:');
    }
  });

  it('keeps its direction to itself', async () => {
    const html = await payHtml({ heading: HOSTILE, text: HOSTILE, businessName: HOSTILE });
    for (const [, before] of html.replace(/<head>.*<\/head>/s, '').matchAll(/(.{5})&quot;&gt;&lt;img/gs)) {
      expect(before).toBe('<bdi>');
    }
  });
});
