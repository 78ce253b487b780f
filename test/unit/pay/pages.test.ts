import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AmountFault } from '../../../src/http/buyer/amount-input.ts';
import { LANGUAGES } from '../../../src/http/buyer/locale.ts';
import type { DonePageView } from '../../../src/http/pay/done-page.tsx';
import { readerOf } from './texts.ts';
import { attributesOf, closedHtml, doneHtml, NOT_SHOWN, openHtml, payHtml, WHOLE_PROFILE } from './views.ts';

const STYLE = readFileSync('public/pay/style.css', 'utf8');
const AMOUNT_FIELD = /<input id="amount"[^>]*>/;
const FAULT: AmountFault = { code: 'below_minimum', minimumMinor: 500 };
const typed = (amount: string) => ({ email: null, reference: null, passthrough: {}, amount });

describe('every page', () => {
  const pages: [string, () => Promise<string>][] = [
    ['pay, fixed', () => payHtml()],
    ['pay, open', () => openHtml({ prefill: typed('2,50'), fault: { amount: FAULT }, sandbox: true, cancelled: true })],
    ['pay, paid before', () => payHtml({ earlier: { status: 'already_paid', url: '/done?session_id=cs_1' } })],
    ['closed', () => closedHtml({ retryUrl: '/again', retryAfterSeconds: 30 })],
    ['done, not to be shown', () => closedHtml(NOT_SHOWN)],
    ['done', () => doneHtml({ continueUrl: 'https://shop.example/', countsDown: true })],
    ['confirming', () => doneHtml({ status: 'confirming', paidAt: null })],
  ];

  it.each(pages)('is a whole document that says its language and direction: %s', async (_name, render) => {
    const html = await render();
    expect(html).toMatch(/^<!doctype html><html lang="en" dir="ltr"><head><meta charset="utf-8"/);
    expect(html).toMatch(/<\/html>$/);
    expect(html.match(/<h1/g)).toHaveLength(1);
    expect(html.match(/<main/g)).toHaveLength(1);
  });

  it.each(pages)('weighs at most 6 KB compressed, style sheet included: %s', async (_name, render) => {
    const html = await render();
    expect(html).toContain(STYLE);
    expect(gzipSync(html).byteLength).toBeLessThanOrEqual(6 * 1024);
  });

  it('loads the style sheet as a file if its text could not be read', async () => {
    const html = await closedHtml({ sheet: '' });
    expect(html).toContain('<link rel="stylesheet" href="/pay/style.css"/>');
    expect(html).not.toContain('<style');
    expect(await payHtml({ sheet: '' })).toMatch(
      /<link rel="stylesheet"[^>]*><style nonce="bm9uY2U">:root\{--button:#1d4ed8;/,
    );
  });

  it('goes without a script that could not be read, and then a page that waits is loaded again by the browser', async () => {
    const scripts = { form: '', done: '' };
    for (const render of [payHtml, openHtml, doneHtml]) expect(await render({ scripts })).not.toContain('<script');
    for (const html of [
      await doneHtml({ status: 'confirming', scripts }),
      await doneHtml({ awaitsContinue: true, scripts }),
      await closedHtml({ ...NOT_SHOWN, scripts }),
    ]) {
      expect(html).not.toMatch(/<script|<noscript/);
      expect(html).toMatch(/<meta http-equiv="refresh" content="5;url=[^"]+\/?done\?session_id=cs_[^"]+"\/>/);
    }
  });

  it.each(pages)(
    'needs nothing from elsewhere, and no style or handler outside the nonce: %s',
    async (_name, render) => {
      const html = await render();
      const links = html.match(/<link\b[^>]*>/g);
      expect(links).toEqual(['<link rel="icon" href="/favicon.svg" type="image/svg+xml"/>']);
      expect(STYLE).not.toMatch(/@import|url\(/);
      expect(html).not.toMatch(/<iframe|<object|@import|url\(/);
      const tags = html.match(/<(script|style)\b[^>]*>/g) ?? [];
      expect(tags.filter((tag) => !tag.includes('nonce="bm9uY2U"'))).toEqual([]);
      expect(html).not.toMatch(/<[^>]+\sstyle=/);
      expect(html).not.toMatch(/<[^>]+\son\w+=/);
      expect(html.replaceAll(/<(a|meta)\b[^>]*>/g, '')).not.toMatch(/(src|href)="(https?:)?\/\//);
    },
  );

  it.each(pages)('stays out of search engines: %s', async (_name, render) => {
    const html = await render();
    expect(html).toContain('<meta name="robots" content="noindex"/>');
    expect(html.match(/<meta name="theme-color"/g)).toHaveLength(2);
  });

  it('is rendered in every language, Arabic from right to left', async () => {
    for (const language of LANGUAGES) {
      const reader = await readerOf(language);
      const start = `<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`;
      for (const html of [await openHtml(reader), await closedHtml(reader), await doneHtml(reader)]) {
        expect(html).toContain(start);
        expect(html).not.toMatch(/\{\w+\}<|undefined|NaN|\[object/);
      }
    }
  });

  it('offers every language by its own name: on a form as buttons of it, elsewhere as links', async () => {
    const german = await readerOf('de-CH');
    const form = await openHtml({ ...german, languageAction: '/pay/link/x?cancelled=1' });
    const link = await doneHtml({ ...german, query: { session_id: 'cs_1' } });
    for (const language of LANGUAGES) {
      const lang = language === 'de' ? 'de-CH' : language;
      const button = attributesOf(form, new RegExp(`<button lang="${language}"[^>]*>`));
      expect(button).toMatchObject({ form: 'pay', formaction: '/pay/link/x?cancelled=1', name: 'lang', value: lang });
      const anchor = attributesOf(link, new RegExp(`<a lang="${language}"[^>]*>`));
      expect(anchor.href).toBe(`?session_id=cs_1&amp;lang=${lang}`);
      for (const { 'aria-current': current } of [button, anchor]) expect(current === 'true').toBe(language === 'de');
    }
    for (const name of ['Deutsch', 'Français', 'Español', 'Polski', 'العربية', '日本語'])
      expect(form).toContain(`>${name}</`);
    // Enter in a field presses the first button of the form.
    expect(form.indexOf('<button class="pay"')).toBeLessThan(form.indexOf('<button lang='));
  });

  it('says in sandbox that no real money is paid, and only there', async () => {
    expect(await payHtml({ sandbox: true })).toContain('Test mode: no real money');
    expect(await payHtml()).not.toContain('Test mode');
  });

  it('tells how to reach the seller, and leads to the terms in new tabs', async () => {
    for (const render of [payHtml, closedHtml, doneHtml]) {
      const html = await render({ profile: WHOLE_PROFILE });
      const foot = html.slice(html.indexOf('<div class="ask">'), html.indexOf('</main>'));
      const links = [...foot.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].map(([, href, text]) => [
        href,
        text,
      ]);
      expect(links).toEqual([
        ['mailto:hello@northlight-studio.example', 'hello@northlight-studio.example'],
        ['tel:+442079460958', '+44 (0)20 7946 0958'],
        ['https://www.northlight-studio.example/', 'northlight-studio.example'],
        ['https://www.northlight-studio.example/terms', 'Terms'],
        ['https://www.northlight-studio.example/privacy', 'Privacy'],
        ['https://www.northlight-studio.example/refunds', 'Refund policy'],
      ]);
      expect(foot.match(/target="_blank" rel="noopener"/g)).toHaveLength(4);
    }
  });

  it.each([
    ['020 7946 0958', 'tel:02079460958'],
    ['+44 (0)20 7946 0958', 'tel:+442079460958'],
    ['(0)20-7946.0958', 'tel:02079460958'],
    ['+1 (202) 555-0143', 'tel:+12025550143'],
    ['+44 20 7946 0958 - 12345', 'tel:+442079460958'],
    ['020 7946 0958 - 123 ', 'tel:02079460958'],
    ['+55 (11) 91234 - 5678', 'tel:+5511912345678'],
    ['+81 3 - 1234 - 5678', 'tel:+81312345678'],
    ['+49 89 1234567 - 0', 'tel:+498912345670'],
  ])('has a phone number in digits that a phone dials: %s', async (supportPhone, href) => {
    expect(await payHtml({ profile: { ...WHOLE_PROFILE, supportPhone } })).toContain(`href="${href}" dir="ltr"`);
  });

  it.each([
    ['https://harbour.example', 'harbour.example'],
    ['https://social.example/harbour/', 'social.example/harbour'],
    [`https://www.harbour.example/${'long/'.repeat(20)}`, 'harbour.example'],
    ['https://h\u0430rbour.example/', 'xn--hrbour-3nf.example'],
  ])('shows the address of the website in short: %s', async (website, shown) => {
    expect(await payHtml({ profile: { ...WHOLE_PROFILE, website } })).toContain(`>${shown}</a>`);
  });

  it('of a first visit weighs at most 6 KB compressed with a whole profile too', async () => {
    for (const html of [await payHtml({ profile: WHOLE_PROFILE }), await openHtml({ profile: WHOLE_PROFILE })]) {
      expect(gzipSync(html).byteLength).toBeLessThanOrEqual(6 * 1024);
    }
  });

  it('has a place to report it only where the operator has one', async () => {
    expect(await payHtml()).toContain('<a href="https://softsolz.example/report">Report this page</a>');
    expect(await payHtml({ reportUrl: null })).not.toContain('Report this page');
  });
});

describe('the pay page', () => {
  it('shows the price, who gets it and through whom, and posts what the buyer saw', async () => {
    const html = await payHtml({
      prefill: { email: 'a@b.example', reference: '1042', passthrough: { utm_source: 'mail' }, amount: null },
    });
    expect(html).toContain('Pay <bdi class="amount">£50.00</bdi>');
    expect(html).toContain('Your payment goes directly to <bdi>Northlight Studio</bdi>.');
    expect(html).toContain('Stripe’s secure page');
    const hidden = [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    expect(Object.fromEntries(hidden.map(([, name, value]) => [name, value]))).toEqual({
      utm_source: 'mail',
      email: 'a@b.example',
      reference: '1042',
      operation: 'form_1',
      shown: 'GBP:5000',
    });
    expect(html).toMatch(/<form method="post" action="\/pay\/link\/lnk_08f3c2a1b9d4e5f60718"/);
  });

  it('lets nothing from outside take the place of its own hidden fields', async () => {
    const passthrough = { operation: 'forged', shown: 'forged' };
    const html = await payHtml({ prefill: { email: null, reference: null, passthrough, amount: null } });
    expect(html).not.toContain('forged');
  });

  it('names no business where the merchant does not want it', async () => {
    const html = await payHtml({ businessName: null });
    expect(html).not.toContain('Northlight');
    expect(html).toContain('the seller’s own Stripe account');
  });

  it('has a field for an amount only where the buyer chooses', async () => {
    expect(await payHtml()).not.toMatch(AMOUNT_FIELD);
    const html = await openHtml({ prefill: typed('12,50') });
    expect(attributesOf(html, AMOUNT_FIELD)).toMatchObject({ inputmode: 'decimal', value: '12,50', name: 'amount' });
    expect(html).toContain('At least <bdi class="amount">€5.00</bdi>');
    expect(html).not.toContain('aria-invalid');
    expect(html).not.toContain('autofocus');
  });

  it('offers the suggestions as choices that work without scripts, the typed one chosen', async () => {
    const html = await openHtml({ prefill: typed('25.00') });
    const radios = [...html.matchAll(/<input type="radio"[^>]*>/g)].map(([tag]) => tag);
    expect(radios.map((tag) => attributesOf(tag, /.*/).value)).toEqual(['1000', '2500', '5000', '']);
    expect(radios.map((tag) => attributesOf(tag, /.*/)['data-text'])).toEqual(['10.00', '25.00', '50.00', undefined]);
    expect(radios.map((tag) => tag.includes('checked'))).toEqual([false, true, false, false]);
    expect(html).toContain('<bdi class="amount">€25</bdi>');
    expect(await openHtml({ suggestedAmountsMinor: [] })).not.toContain('<fieldset');
  });

  it('chooses no suggestion while the amount is refused: without scripts a chosen one hides the field', async () => {
    const refused = { prefill: typed('25.00'), fault: { amount: { code: 'not_accepted' } as const } };
    const radios = (await openHtml(refused)).match(/<input type="radio"[^>]*>/g);
    expect(radios).toHaveLength(4);
    expect(radios?.join('')).not.toContain('checked');
  });

  it('has the amount of the chosen suggestion on the button, and no amount while none is chosen', async () => {
    const texts = async (amount: string) =>
      /<button class="pay" type="submit">(.*?)<\/button>/.exec(await openHtml({ prefill: typed(amount) }))?.[1];
    expect(await texts('25.00')).toBe(
      '<span hidden="">Continue to payment</span><span>Pay <bdi class="amount">€25</bdi></span>',
    );
    expect(await texts('26')).toContain('<span>Continue to payment</span><span hidden="">Pay ');
    expect(await openHtml({ suggestedAmountsMinor: [] })).not.toContain('Pay ');
  });

  it('offers both readings of an unclear amount to tap, without scripts too, and keeps what was typed', async () => {
    const unclear = { prefill: typed('1.000'), fault: { amount: { code: 'two_readings' } as const } };
    const radiosOf = (html: string) =>
      [...html.matchAll(/<input type="radio"[^>]*>/g)].map(([tag]) => attributesOf(tag, /.*/).value);
    expect(radiosOf(await openHtml({ ...unclear, suggestedAmountsMinor: [] }))).toEqual([]);
    const both = await openHtml({ ...unclear, minAmountMinor: null });
    expect(radiosOf(both).slice(-2)).toEqual(['100', '100000']);
    expect(both).toContain('<legend>Which amount do you mean?</legend>');
    expect(both).toMatch(/value="100"[^>]*data-text="1.00"\/?><span><bdi class="amount">€1.00</);
    expect(both).toMatch(/value="100000"[^>]*data-text="1000.00"\/?><span><bdi class="amount">€1,000.00</);
    expect(attributesOf(both, AMOUNT_FIELD).value).toBe('1.000');
    // One choice of another amount is enough.
    expect(both.match(/class="chip other"/g)).toHaveLength(1);
  });

  it('says at the field what is wrong, keeps what was typed, and puts the focus there', async () => {
    const html = await openHtml({ ...(await readerOf('de')), prefill: typed('2,50'), fault: { amount: FAULT } });
    const field = attributesOf(html, AMOUNT_FIELD);
    expect(field).toMatchObject({ value: '2,50', 'aria-invalid': 'true' });
    expect(AMOUNT_FIELD.exec(html)?.[0]).toContain('autofocus');
    for (const id of field['aria-describedby']?.split(' ') ?? ['none']) expect(html).toContain(`id="${id}"`);
    expect(field['aria-describedby']).toMatch(/^error /);
    expect(html.replaceAll(/\u00a0/g, ' ')).toContain('Der Mindestbetrag beträgt <bdi class="amount">5,00 €</bdi>.');
  });

  it.each<[AmountFault, string]>([
    [{ code: 'empty' }, 'Enter an amount.'],
    [{ code: 'not_a_number' }, 'for example <bdi class="amount">10.00</bdi>.'],
    [{ code: 'two_readings' }, 'This can be read in two ways.'],
    [{ code: 'too_many_decimals', decimals: 2 }, '<bdi>EUR</bdi> has at most <bdi>2</bdi> decimals.'],
    [{ code: 'too_many_decimals', decimals: 0 }, '<bdi>EUR</bdi> has no decimals.'],
    [{ code: 'below_minimum', minimumMinor: 500 }, 'The smallest amount is <bdi class="amount">€5.00</bdi>.'],
    [
      { code: 'above_maximum', maximumMinor: 99_999_999 },
      'The largest amount is <bdi class="amount">€999,999.99</bdi>.',
    ],
    [{ code: 'not_a_multiple', multipleOf: 10 }, 'must be a multiple of <bdi class="amount">€0.10</bdi>.'],
    [{ code: 'not_accepted' }, 'This amount is not accepted. Please choose another one.'],
  ])('has words for %j', async (fault, words) => {
    expect(await openHtml({ prefill: typed('x'), fault: { amount: fault } })).toContain(words);
  });

  it('claims no smallest amount beside a refusal that may be about it', async () => {
    const field = attributesOf(await openHtml({ fault: { amount: { code: 'not_accepted' } } }), AMOUNT_FIELD);
    expect(field).toMatchObject({ 'aria-invalid': 'true', 'aria-describedby': 'error unit' });
    expect(await openHtml({ fault: { amount: { code: 'not_accepted' } } })).not.toContain('At least');
  });

  it.each([
    [{ notice: 'price_changed' as const }, 'The price has changed'],
    [{ notice: 'try_again' as const }, 'could not be started'],
    [{ notice: 'slow_down' as const }, 'many attempts'],
    [{ cancelled: true }, 'You can still pay here.'],
    [{ cancelled: true, openForMinutes: 25 }, 'You can still pay here for about <bdi>25 minutes</bdi>.'],
    [
      { earlier: { status: 'already_paid' as const, url: '/d' } },
      'already paid this. <a href="/d">Show the receipt</a>',
    ],
    [{ earlier: { status: 'processing' as const, url: '/d' } }, 'not pay again. <a href="/d">Show the payment</a>'],
  ])('shows a buyer who comes back why: %j', async (state, words) => {
    expect(await payHtml(state)).toContain(words);
    expect(await payHtml()).not.toContain('class="notice"');
  });

  it('checks for a human only where its view says so, with the one script from elsewhere', async () => {
    expect(await payHtml()).not.toContain('turnstile');
    const html = await payHtml({ turnstile: { siteKey: '1x00"><b>' } });
    expect(html).toContain('data-sitekey="1x00&quot;&gt;&lt;b&gt;"');
    expect(attributesOf(html, /<script[^>]*challenges[^>]*>/)).toMatchObject({
      nonce: 'bm9uY2U',
      src: 'https://challenges.cloudflare.com/turnstile/v0/api.js',
    });
    expect(html).toMatch(/<noscript><p[^>]*>Please turn on JavaScript/);
  });

  it('keeps the price in sight when the description is long', async () => {
    const text = 'word '.repeat(100);
    const html = await payHtml({ text });
    expect(html.indexOf('Pay <bdi')).toBeLessThan(html.indexOf(text));
    expect((await payHtml()).indexOf('Pay <bdi')).toBeGreaterThan((await payHtml()).indexOf('The rest is due'));
  });

  it('prints a code to scan, which a screen does not fetch', async () => {
    const html = await payHtml();
    expect(html).toMatch(/<img src="[^"]*qr\.svg"[^>]*loading="lazy"/);
    expect(STYLE).toMatch(/\}\.print\{display:none\}/);
  });
});

describe('the page after Checkout', () => {
  it('is a receipt once paid', async () => {
    const html = await doneHtml();
    for (const words of ['Paid. Thank you!', '£50.00', 'Studio deposit', 'Northlight Studio', '1042']) {
      expect(html).toContain(words);
    }
    expect(html).toContain('<time datetime="2026-11-22T09:14:00Z">November 22, 2026');
    expect(html).toContain('UTC</time>');
    expect(html).not.toContain('data-url');
  });

  it('waits while Stripe has not confirmed: asks again with and without scripts, and calls nothing failed', async () => {
    const html = await doneHtml({ status: 'confirming', paidAt: null });
    expect(html).toContain('Confirming your payment');
    expect(html).toMatch(/<noscript><meta http-equiv="refresh" content="5;url=\/pay\/link\/[^"]*done\?session_id=cs_/);
    expect(html).toContain('data-status="confirming"');
    expect(html).not.toMatch(/Receipt number|payment failed/);
  });

  it.each([
    ['processing', 'being processed'],
    ['failed', 'payment failed'],
    ['expired', 'You have not been charged'],
    ['refunded', 'the full amount back'],
    ['partially_refunded', 'part of the amount back'],
  ] as const)('says %s and does not ask again', async (status, words) => {
    const html = await doneHtml({ status });
    expect(html).toContain(words);
    expect(html).not.toMatch(/data-url|http-equiv/);
  });

  it.each([
    ['1', ['1']],
    ['12345', ['123', '45']],
    ['1181234567890', ['1181', '2345', '678', '90']],
    ['11812345678901', ['1181', '2345', '6789', '01']],
    ['1181234567890123', ['1181', '2345', '6789', '0123']],
  ])('has no group of one digit in its number: %s', async (receiptNumber, groups) => {
    const html = await doneHtml({ receiptNumber });
    expect(html).toContain(`aria-hidden="true">${groups.map((group) => `<span>${group}</span>`).join('')}</bdi>`);
  });

  it('has its number in groups of four, of which a copy is the plain number and a screen reader hears the digits', async () => {
    const html = await doneHtml({ receiptNumber: '118123456789012' });
    const groups = '<span>1181</span><span>2345</span><span>6789</span><span>012</span>';
    expect(html).toContain(`<bdi class="digits" dir="ltr" aria-hidden="true">${groups}</bdi>`);
    expect(html).toContain('<span class="vh">1 1 8 1, 2 3 4 5, 6 7 8 9, 0 1 2</span>');
  });

  it('says with what was paid, where that is known', async () => {
    for (const status of ['paid', 'refunded', 'partially_refunded'] as const) {
      const text = (await doneHtml({ status })).replaceAll(/<[^>]*>/g, '');
      expect(text).toContain('Paid withVisa ••••\u00a04242ending in 4242');
    }
    const text = async (method: DonePageView['method']) => (await doneHtml({ method })).replaceAll(/<[^>]*>/g, '');
    expect(await text({ name: null, last4: '4242' })).toContain('Paid with••••\u00a04242ending in 4242');
    expect(await text({ name: 'PayPal', last4: null })).toMatch(/Paid withPayPal(?! *•)/);
    expect(await text(null)).not.toMatch(/Paid with|••••|ending in/);
  });

  it('is a proof while a bank is at work, which does not say "paid"', async () => {
    const html = await doneHtml({
      status: 'processing',
      paidAt: null,
      startedAt: Date.UTC(2026, 10, 22),
      method: null,
    });
    const shown = html.replaceAll(/<(script|style|title)\b.*?<\/\1>/gs, '').replaceAll(/<[^>]*>/g, '');
    for (const words of ['£50.00', 'Studio deposit', 'SellerNorthlight Studio', 'Started onNovember 22, 2026']) {
      expect(shown).toContain(words);
    }
    expect(shown).toContain('Payment number118123456789012');
    expect(shown).toContain('come back to it later to see the result');
    expect(shown).toContain('a few days');
    expect(html).toContain('data-print');
    expect(shown).not.toMatch(/paid|receipt/i);
  });

  it('has a link on to the shop, and no timer without a script', async () => {
    const html = await doneHtml({ continueUrl: 'https://shop.example/?a=1&b=2', countsDown: true });
    expect(html).toContain('<a class="pay" href="https://shop.example/?a=1&amp;b=2"');
    expect(html).not.toContain('http-equiv="refresh"');
    expect(html).toContain('<div class="leaving" hidden');
  });

  it('has a place for the link on to the shop while its address is awaited, and asks for it', async () => {
    const html = await doneHtml({ awaitsContinue: true, countsDown: true });
    expect(attributesOf(html, /<a class="pay"[^>]*>/)).toMatchObject({ role: 'link', 'aria-disabled': 'true' });
    expect(html).not.toMatch(/<a class="pay"[^>]*href/);
    expect(html).toContain('data-status="paid"');
    expect(html).toMatch(/http-equiv="refresh" content="5;url=\/pay\/link\//);
  });

  it('counts down only where its view says so', async () => {
    expect(await doneHtml({ continueUrl: 'https://shop.example/' })).not.toContain('"leaving"');
    const named = await doneHtml({ continueUrl: 'https://shop.example/', countsDown: true });
    expect(named).toContain('You will be taken to <bdi>Northlight Studio</bdi> <bdi data-when="true"></bdi>.');
    const unnamed = await doneHtml({ continueUrl: 'https://shop.example/', countsDown: true, businessName: null });
    expect(unnamed).toContain('You will be taken to the seller’s site <bdi data-when="true"></bdi>.');
  });

  it('offers another try after a failure, and none while a payment may still arrive', async () => {
    expect(await doneHtml({ status: 'failed' })).toContain('Back to payment');
    expect(await doneHtml({ status: 'expired' })).toContain('Back to payment');
    expect(await doneHtml({ status: 'confirming' })).not.toContain('Back to payment');
    expect(await doneHtml({ status: 'processing' })).not.toContain('Back to payment');
  });

  it('names no business where the merchant does not want it', async () => {
    expect(await doneHtml({ businessName: null })).toContain('The seller’s own Stripe account');
  });
});
