import { describe, expect, it } from 'vitest';
import { closedHtml, doneHtml, openHtml, payHtml } from './views.ts';

const HOSTILE = `"><img src=x onerror=alert(1)></title></style><script>alert(2)</script>' onload=x \u202e &lt;`;

/** The tags of a page, without their attributes' order or the inline style and script. */
const tagsOf = (html: string): string[] => [...html.matchAll(/<([a-z!][a-z0-9]*)/gi)].map(([, tag = '']) => tag);

describe('hostile text on a page', () => {
  it('adds no tag and no attribute to the pay page, wherever it stands', async () => {
    const passthrough = { utm_source: HOSTILE };
    const html = await openHtml({
      title: HOSTILE,
      description: HOSTILE,
      businessName: HOSTILE,
      heading: HOSTILE,
      text: HOSTILE,
      action: HOSTILE,
      form: HOSTILE,
      shownPrice: HOSTILE,
      canonicalUrl: HOSTILE,
      qrPngUrl: HOSTILE,
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
    const closed = { title: HOSTILE, heading: HOSTILE, businessName: HOSTILE, message: HOSTILE, retryUrl: HOSTILE };
    expect(tagsOf(await closedHtml(closed))).toEqual(tagsOf(await closedHtml({ message: 'm', retryUrl: '/' })));
    const done = { title: HOSTILE, heading: HOSTILE, businessName: HOSTILE, reference: HOSTILE, refreshUrl: HOSTILE };
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

  it('keeps its direction to itself', async () => {
    const html = await payHtml({ heading: HOSTILE, text: HOSTILE, businessName: HOSTILE });
    for (const [, before] of html.replace(/<head>.*<\/head>/s, '').matchAll(/(.{5})&quot;&gt;&lt;img/gs)) {
      expect(before).toBe('<bdi>');
    }
  });
});
