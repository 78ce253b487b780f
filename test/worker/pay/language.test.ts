import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import german from '../../../public/pay/strings/de.json' with { type: 'json' };
import { loadStrings } from '../../../src/http/buyer/load-strings.ts';
import { LANGUAGES, negotiateLocale } from '../../../src/http/buyer/locale.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { countedBindings, openPage, pageOf, payPath, sendForm, visit } from '../support/pay-page.ts';
import { newWorkspace } from '../support/workspace.ts';

const OPEN = { amountMinor: null, minAmountMinor: 500, currency: 'EUR' };

describe('a page in the language of its reader', () => {
  it.each(LANGUAGES)('has all its words in %s', async (language) => {
    const shop = await newWorkspace();
    const link = await shop.link(OPEN);
    const { strings } = await loadStrings(env.ASSETS, negotiateLocale(language, undefined));
    expect(strings === en).toBe(language === 'en');
    const page = await openPage(link, { headers: { 'Accept-Language': `${language};q=0.9, xx` } });
    expect(page.status).toBe(200);
    expect(page.html).toContain(`<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`);
    for (const text of [strings.continueToPayment, strings.cardAtStripe, strings.moneyGoesToSeller, strings.sandbox]) {
      expect(page.text).toContain(text);
    }
  });

  it('is German for a German, on every kind of page', async () => {
    const shop = await newWorkspace();
    const link = await shop.link(OPEN);
    const off = await shop.link({ active: false });
    const { fields, text } = await openPage(link, { query: '?lang=de' });
    expect(text).toContain('Weiter zur Zahlung');
    const pages = [
      [await pageOf(await sendForm(link, fields, { query: '?lang=de' })), 422, german.faults.empty],
      [await openPage(off, { query: '?lang=de' }), 410, german.closed.inactive.text],
      [await openPage({ token: 'unknown' }, { query: '?lang=de' }), 404, german.closed.not_found.text],
    ] as const;
    for (const [page, status, words] of pages) {
      expect([page.status, page.text]).toEqual([status, expect.stringContaining(words)]);
      expect(page.html).toContain('<html lang="de" dir="ltr">');
    }
  });

  it('costs one round trip in any language, and no call to an object', async () => {
    const link = await (await newWorkspace()).link();
    for (const lang of ['de', 'ar']) {
      const bindings = countedBindings();
      expect((await openPage(link, { query: `?lang=${lang}`, bindings })).status).toBe(200);
      expect(bindings.counts.roundTrips).toBe(1);
      expect([...bindings.LINK_GATE.calls, ...bindings.WORKSPACE_GATE.calls]).toEqual([]);
    }
  });
});

/** A binding of its own that answers so when it is asked for texts, or for another file if `path` says so. */
function assetsOf(answer: () => Promise<Response>, path = '/pay/strings/'): Fetcher {
  return {
    fetch: async (asked) => (String(asked).includes(path) ? await answer() : await env.ASSETS.fetch(asked)),
    connect: (address, options) => env.ASSETS.connect(address, options),
  };
}

describe('texts that cannot be loaded', () => {
  let log: ReturnType<typeof vi.spyOn>;
  beforeEach(() => {
    log = vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => vi.restoreAllMocks());

  const broken: [string, () => Promise<Response>][] = [
    ['fail', () => Promise.reject(new Error('Network connection lost.'))],
    ['are not there', () => env.ASSETS.fetch('https://assets.invalid/pay/strings/xx.json')],
    ['are no JSON', async () => new Response('<script>alert(1)</script>')],
    ['are another tree', async () => Response.json({ ...german, closed: { ...german.closed, refused: null } })],
  ];

  it.each(broken)(
    'and %s leave the page in English, and say so in its markup and in the log',
    async (_name, answer) => {
      const shop = await newWorkspace();
      const link = await shop.link(OPEN);
      const bindings = { ASSETS: assetsOf(answer) };
      const page = await openPage(link, { query: '?lang=ar', bindings });
      expect([page.status, page.text]).toEqual([200, expect.stringContaining(en.continueToPayment)]);
      expect(page.html).toContain('<html lang="en" dir="ltr">');
      expect(page.html).not.toContain('alert(1)');
      expect(log).toHaveBeenCalledWith(expect.stringContaining('texts not loaded'));
      // The next page is asked for in the reader's language again.
      expect(page.action).toBe(`${payPath(link.token)}?lang=ar`);
      const fault = await pageOf(await sendForm(link, page.fields, { query: '?lang=ar', bindings }));
      expect([fault.status, fault.text]).toEqual([422, expect.stringContaining(en.faults.empty)]);
      const unknown = await pageOf(await visit(payPath('unknown'), { query: '?lang=ar', bindings }));
      expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining(en.closed.not_found.text)]);
      expect((await sendForm(link, { ...page.fields, amount: '١٢٫٥٠' }, { query: '?lang=ar', bindings })).status).toBe(
        303,
      );
    },
  );

  it('once are there the next time', async () => {
    const link = await (await newWorkspace()).link();
    let asked = 0;
    const ASSETS = assetsOf(async () => {
      asked += 1;
      return asked === 1 ? new Response('Oops', { status: 500 }) : Response.json(german);
    });
    const languages: (string | undefined)[] = [];
    for (let reader = 0; reader < 3; reader++) {
      const { html } = await openPage(link, { query: '?lang=de', bindings: { ASSETS } });
      languages.push(/<html lang="(\w+)"/.exec(html)?.[1]);
    }
    expect([languages, asked]).toEqual([['en', 'de', 'de'], 2]);
  });
});

describe('a style sheet that cannot be loaded', () => {
  afterEach(() => vi.restoreAllMocks());

  it('is left to the browser, and written into the next page', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const link = await (await newWorkspace()).link();
    let asked = 0;
    const answer = async () => {
      asked += 1;
      return asked === 1 ? new Response('Oops', { status: 500 }) : new Response('body{margin:0}');
    };
    const bindings = { ASSETS: assetsOf(answer, '/pay/style.css') };
    const first = await openPage(link, { bindings });
    expect([first.status, first.html]).toEqual([
      200,
      expect.stringContaining('rel="stylesheet" href="/pay/style.css"'),
    ]);
    expect(first.html).not.toContain('Oops');
    expect(log).toHaveBeenCalledWith(expect.stringContaining('file not loaded'));
    for (let reader = 0; reader < 2; reader++) {
      const { html } = await openPage(link, { bindings });
      expect(html).toMatch(/<style nonce="[0-9a-f]{32}">body\{margin:0\}/);
      expect(html).not.toContain('stylesheet');
    }
    expect(asked).toBe(2);
  });
});

describe('a script that cannot be loaded', () => {
  afterEach(() => vi.restoreAllMocks());

  it('leaves a page that works without it, and is written into the next page', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const link = await (await newWorkspace()).link();
    const answers = [new Response('Oops', { status: 500 }), new Response('start()')];
    const bindings = { ASSETS: assetsOf(async () => answers.shift() ?? new Response('again()'), '/pay/form.js') };
    const first = await openPage(link, { bindings });
    expect(first.html).not.toMatch(/<script|Oops/);
    expect(log).toHaveBeenCalledWith(expect.stringContaining('file not loaded'));
    expect((await sendForm(link, first.fields, { bindings })).status).toBe(303);
    for (let reader = 0; reader < 2; reader++) {
      expect((await openPage(link, { bindings })).html).toMatch(/<script nonce="[0-9a-f]{32}">start\(\)<\/script>/);
    }
  });
});
