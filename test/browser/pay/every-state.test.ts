import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { AmountFault } from '../../../src/http/buyer/amount-input.ts';
import { LANGUAGES } from '../../../src/http/buyer/locale.ts';
import type { ClosedReason, DoneStatus } from '../../../src/http/buyer/strings.tsx';
import type { ClosedPageView } from '../../../src/http/pay/closed-page.tsx';
import type { DonePageView } from '../../../src/http/pay/done-page.tsx';
import type { PayPageView } from '../../../src/http/pay/pay-page.tsx';
import { readerOf } from '../../unit/pay/texts.ts';
import { closedHtml, doneHtml, NOT_SHOWN, openHtml, payHtml, WHOLE_PROFILE } from '../../unit/pay/views.ts';
import { launchChromium } from '../support/chromium.ts';

// A new fault, notice, reason or status does not compile until it is here too.

const FAULTS: { readonly [Code in AmountFault['code']]: AmountFault & { readonly code: Code } } = {
  empty: { code: 'empty' },
  not_a_number: { code: 'not_a_number' },
  two_readings: { code: 'two_readings' },
  too_many_decimals: { code: 'too_many_decimals', decimals: 2 },
  below_minimum: { code: 'below_minimum', minimumMinor: 500 },
  above_maximum: { code: 'above_maximum', maximumMinor: 99_999_999 },
  not_a_multiple: { code: 'not_a_multiple', multipleOf: 100 },
  not_accepted: { code: 'not_accepted' },
};

type Notice = NonNullable<PayPageView['notice']>;
const NOTICES: { readonly [Name in Notice]: { readonly notice: Name } } = {
  price_changed: { notice: 'price_changed' },
  try_again: { notice: 'try_again' },
  slow_down: { notice: 'slow_down' },
};

const RETRY = { retryUrl: '/again', retryAfterSeconds: 300 };
const REASONS: { readonly [Reason in ClosedReason]: Partial<ClosedPageView> & { readonly reason: Reason } } = {
  not_found: { reason: 'not_found', heading: null },
  already_paid: { reason: 'already_paid', retryUrl: '/done' },
  processing: { reason: 'processing', retryUrl: '/done' },
  inactive: { reason: 'inactive' },
  expired: { reason: 'expired' },
  sold_out: { reason: 'sold_out' },
  sold_out_held: { reason: 'sold_out_held', ...RETRY },
  not_ready: { reason: 'not_ready', ...RETRY },
  slow_down: { reason: 'slow_down', ...RETRY },
  unavailable: { reason: 'unavailable', ...RETRY },
  done_unavailable: NOT_SHOWN,
  refused: { reason: 'refused', ...RETRY },
  wrong_method: { reason: 'wrong_method', ...RETRY },
};

const STATUSES: { readonly [Status in DoneStatus]: Partial<DonePageView> & { readonly status: Status } } = {
  confirming: { status: 'confirming', paidAt: null },
  processing: { status: 'processing', paidAt: null, startedAt: Date.UTC(2026, 10, 22, 9, 14) },
  paid: { status: 'paid' },
  failed: { status: 'failed', paidAt: null },
  expired: { status: 'expired', paidAt: null },
  refunded: { status: 'refunded', refundedMinor: 5000 },
  partially_refunded: { status: 'partially_refunded', refundedMinor: 1250 },
};

/** Every state of every page below /pay in a language, by name, as HTML. */
async function everyState(language: string): Promise<Record<string, string>> {
  const reader = { ...(await readerOf(language)), sandbox: true, profile: LONG_PROFILE };
  const unnamed = { ...reader, businessName: null, profile: { ...LONG_PROFILE, logo: null, website: null } };
  const pages: Record<string, Promise<string>> = {
    fixed: payHtml(reader),
    unnamed: payHtml(unnamed),
    cancelled: payHtml({ ...reader, cancelled: true }),
    'cancelled, open for a while': payHtml({ ...reader, cancelled: true, openForMinutes: 30 }),
    'paid before': payHtml({ ...reader, earlier: PAID_BEFORE }),
    'processing before': payHtml({ ...reader, earlier: { status: 'processing', url: '/done' } }),
    human: payHtml({ ...reader, turnstile: { siteKey: '0x4AAAAAAA' } }),
    'long name': payHtml({ ...reader, businessName: 'Harbour Photography and Portrait Studio of Northern Norfolk' }),
    open: openHtml(reader),
    'open without suggestions': openHtml({ ...reader, suggestedAmountsMinor: [] }),
    'closed for now, paid before': closedHtml({ ...reader, ...REASONS.not_ready, earlier: PAID_BEFORE }),
    'closed in own words': closedHtml({
      ...reader,
      message: 'Back in spring. Write to courses@northlight-studio.example',
    }),
  };
  for (const [name, notice] of Object.entries(NOTICES)) pages[`notice ${name}`] = payHtml({ ...reader, ...notice });
  for (const [name, amount] of Object.entries(FAULTS)) {
    pages[`fault ${name}`] = openHtml({ ...reader, fault: { amount }, prefill: { ...PREFILL, amount: '1,000' } });
  }
  const fault = { amount: { code: 'too_many_decimals', decimals: 0 } } as const;
  pages['fault no decimals'] = openHtml({ ...reader, fault, currency: 'JPY', prefill: { ...PREFILL, amount: '1.5' } });
  for (const [name, reason] of Object.entries(REASONS)) pages[`closed ${name}`] = closedHtml({ ...reader, ...reason });
  for (const [name, status] of Object.entries(STATUSES)) {
    pages[`done ${name}`] = doneHtml({ ...reader, ...status });
    pages[`done ${name}, then on`] = doneHtml({ ...reader, ...status, ...THEN_ON });
    pages[`done ${name}, unnamed`] = doneHtml({ ...unnamed, ...status, ...THEN_ON });
  }
  pages['done paid, seen before'] = doneHtml({ ...reader, offersAnother: true });
  pages['done paid, waits'] = doneHtml({ ...reader, awaitsContinue: true });
  const html = await Promise.all(Object.values(pages));
  return Object.fromEntries(Object.keys(pages).map((name, at) => [name, withoutScripts(html[at] ?? '')]));
}

/** Everything is set, and about as long as it gets. */
const LONG_PROFILE: PayPageView['profile'] = {
  ...WHOLE_PROFILE,
  logo: { path: 'data:,', type: 'image/png', width: 2000, height: 100 },
  supportEmail: 'bookings.and.questions@harbour-photography-and-portraits.example',
  supportPhone: '+44 (0)20 7946 0958 - 12345',
  website: 'https://harbour-photography.example/studio',
};

const PAID_BEFORE = { status: 'already_paid', url: '/done' } as const;
const THEN_ON = { continueUrl: 'https://shop.example/thanks', countsDown: true };
const PREFILL: PayPageView['prefill'] = { email: null, reference: null, passthrough: {}, amount: null };

/** A page without its scripts: none may load it again or lead on to another page. */
function withoutScripts(html: string): string {
  return html.replaceAll(/<script\b.*?<\/script>/gs, '');
}

/**
 * Shows one page after the other at each size of the root's letters, in percent. Returns what is wider than its place, by
 * page: the page itself, an element that hides what does not fit, or a text that ends outside of what it stands in. With
 * letters of the usual size also a word that is broken. What waits for a script or a press is shown too.
 */
const FIND_OVERFLOW = `(([pages, sizes]) => {
  const EDGES = 'main, .body, .pay, .chip span, .notice, dl, dd, footer, .sandbox, .leaving';
  const UNSEEN = '.vh, svg, style, noscript, .print, .chip input';
  const sides = (element) => element.getBoundingClientRect();
  const isOutside = (inner, outer) => inner.width > 0 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
  const textsOf = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) texts.push(walker.currentNode);
    return texts.filter((text) => text.data.trim() !== '' && text.parentElement.checkVisibility() && !text.parentElement.closest(UNSEEN));
  };
  const rectsOf = (text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    return [...range.getClientRects()];
  };
  const show = (html) => {
    document.open();
    document.write(html);
    document.close();
    for (const element of document.querySelectorAll('[hidden]:not(input)')) element.hidden = false;
    // What is folded has no size of its own.
    for (const element of document.querySelectorAll('details')) element.open = true;
  };
  const faultsNow = () => {
    const { scrollWidth, clientWidth } = document.scrollingElement;
    const clipped = [...document.querySelectorAll('body, body *')].filter((element) =>
      !element.closest(UNSEEN) && element.checkVisibility() && element.clientWidth > 0 && element.scrollWidth > element.clientWidth &&
      getComputedStyle(element).display !== 'inline');
    const texts = textsOf(document.body).filter((text) => {
      const edge = text.parentElement.closest(EDGES);
      return edge !== null && rectsOf(text).some((rect) => isOutside(rect, sides(edge)));
    });
    return [
      ...(scrollWidth > clientWidth ? ['the page: ' + scrollWidth] : []),
      ...clipped.map((element) => element.tagName + '.' + element.className + ' ' + element.scrollWidth + ' > ' + element.clientWidth),
      ...texts.map((text) => text.data),
    ];
  };
  // A language without spaces breaks anywhere. An address may have no better place.
  const brokenWords = () => document.documentElement.lang.startsWith('ja') ? [] : textsOf(document.body).flatMap((text) =>
    [...text.data.matchAll(/[^\\s\\u00ad\\u2013\\u2014/-]+/g)].flatMap(({ 0: word, index }) => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + word.length);
      const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
      return lines.size > 1 && !/@|\\w\\.\\w/.test(word) ? ['broken: ' + word] : [];
    }));
  const found = [];
  for (const [name, html] of Object.entries(pages)) {
    show(html);
    for (const size of sizes) {
      document.documentElement.style.fontSize = size + '%';
      const faults = [...faultsNow(), ...(size === 100 ? brokenWords() : [])];
      if (document.querySelector('main h1') === null) faults.push('there is no page');
      if (faults.length > 0) found.push(name + ' at ' + size + ' %: ' + faults.join(' | '));
    }
  }
  return found;
})`;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 320, height: 640 } });
  await page.goto('about:blank');
});

afterAll(async () => {
  await browser?.close();
});

const overflowOf = async (pages: Record<string, string>, sizes: readonly number[] = [100, 200]) =>
  z.array(z.string()).parse(await page.evaluate(`${FIND_OVERFLOW}(${JSON.stringify([pages, sizes])})`));

describe('every state of every page, 320 px wide', () => {
  it.each(LANGUAGES)('fits in "%s", also with letters of twice the size', async (language) => {
    expect(await overflowOf(await everyState(language))).toEqual([]);
  });

  it('is looked at closely enough to notice a text that does not fit', async () => {
    const wide = '<p style="white-space:nowrap">One line that is wider than a phone held upright is</p>';
    const html = withoutScripts(await payHtml());
    const pages = {
      card: html.replace('<form', `${wide}<form`),
      button: html.replace('<button class="pay"', '<button class="pay" style="white-space:nowrap;font-size:60px"'),
      page: html.replace('<footer>', `${wide}<footer>`),
      word: html.replace('<form', `<p>${'Long'.repeat(10)}</p><form`),
      nothing: '',
    };
    const found = await overflowOf(pages, [100]);
    expect(found.map((line) => line.split(' ')[0])).toEqual(Object.keys(pages));
  });
});
