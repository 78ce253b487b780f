import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CURRENCIES } from '../../../src/core/money/currencies.ts';
import { formatMoney } from '../../../src/core/money/money.ts';
import { typedAmountText } from '../../../src/http/buyer/amount-input.ts';
import { amountStyle } from '../../../src/http/buyer/amount-style.ts';
import { LANGUAGES } from '../../../src/http/buyer/locale.ts';
import { readerOf } from '../../unit/pay/texts.ts';
import { doneHtml, openHtml, payHtml } from '../../unit/pay/views.ts';
import { launchChromium } from '../support/chromium.ts';

const WIDTHS = [320, 360, 414, 768, 1280];
/** Text sizes in percent, smallest first. */
const SIZES = [100, 200];
const TAGS = [...LANGUAGES, 'en-IN', 'de-CH'];

/** How wide the server takes a text to be, in em. */
const emsOf = (text: string): number => Number(/[\d.]+(?=}$)/.exec(amountStyle(':root', [text]))?.[0]);
const largest = (currency: string, tag: string) =>
  formatMoney({ amountMinor: CURRENCIES[currency]?.maximumMinor ?? 0, currency }, tag);

/** The currency whose largest amount is the widest of all in a locale. */
function widestOf(tag: string): string {
  const widths = Object.keys(CURRENCIES).map((currency) => [emsOf(largest(currency, tag)), currency] as const);
  return widths.reduce((one, other) => (other[0] > one[0] ? other : one))[1];
}

let browser: Browser | undefined;
let page: Page;
beforeAll(async () => {
  browser = await launchChromium();
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
});
afterAll(async () => await browser?.close());

/** In the page: shows a document in a frame, and measures its amounts at each width and text size. */
const MEASURE = `async ({ html, widths, sizes }) => {
  const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { height: 800, srcdoc: html }));
  await new Promise((resolve) => { frame.onload = resolve });
  const { contentDocument: page, contentWindow: view } = frame;
  const measured = widths.flatMap((width) => sizes.map((size) => {
    frame.width = width;
    page.documentElement.style.fontSize = size + '%';
    const faults = [...page.querySelectorAll('html, main, .body, #amount')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .map((element) => 'too wide: ' + element.tagName);
    const sizesInPx = [...page.querySelectorAll('.sum > bdi, .amount, #unit')].flatMap((element) => {
      const range = page.createRange();
      range.selectNodeContents(element);
      const rects = [...range.getClientRects()].filter(({ width }) => width > 0);
      if (rects.length === 0) return [];
      const middles = rects.map(({ top, bottom }) => (top + bottom) / 2);
      if (Math.max(...middles) - Math.min(...middles) > rects[0].height / 2) faults.push('broken: ' + element.textContent);
      const box = element.closest('.chip span, .pay, .money, .body').getBoundingClientRect();
      if (rects.some(({ left, right }) => left < box.left - 1 || right > box.right + 1))
        faults.push('cut off: ' + element.textContent);
      return [parseFloat(view.getComputedStyle(element).fontSize)];
    });
    return { width, size, faults, sizes: sizesInPx };
  }));
  frame.remove();
  return measured;
}`;
const measures = z.array(
  z.object({ width: z.number(), size: z.number(), faults: z.array(z.string()), sizes: z.array(z.number()) }),
);

async function measure(html: string): Promise<z.output<typeof measures>> {
  const asked = JSON.stringify({ html, widths: WIDTHS, sizes: SIZES });
  return measures.parse(await page.evaluate(`(${MEASURE})(${asked})`));
}

/** The pages that show an amount in this currency: a price, suggestions, both readings of an unclear amount, a receipt. */
async function pagesWith(currency: string, tag: string): Promise<string[]> {
  const reader = await readerOf(tag);
  const { maximumMinor: most = 0 } = CURRENCIES[currency] ?? {};
  const typed = (amount: string) => ({ email: null, reference: null, passthrough: {}, amount });
  const open = { ...reader, currency, minAmountMinor: most - (most % 10_000) };
  const chosen = typedAmountText(most, reader.locale, currency);
  const unclear = { fault: { amount: { code: 'two_readings' } as const }, prefill: typed('99.000') };
  return [
    await payHtml({ ...reader, currency, amountMinor: most }),
    await openHtml({ ...open, suggestedAmountsMinor: [1000, 10_000, most], prefill: typed(chosen) }),
    await openHtml({ ...open, ...unclear, minAmountMinor: null, suggestedAmountsMinor: [] }),
    await openHtml({ ...open, fault: { amount: { code: 'above_maximum', maximumMinor: most } }, prefill: typed('9') }),
    await doneHtml({ ...reader, currency, amountMinor: most, refundedMinor: most - 10, status: 'partially_refunded' }),
  ];
}

describe('an amount of money', () => {
  it('is never wider than the server takes it to be, in any language and currency', async () => {
    const texts = TAGS.flatMap((tag) => Object.keys(CURRENCIES).map((currency) => largest(currency, tag)));
    const widths = z.array(z.number()).parse(
      await page.evaluate(`(() => {
        const spans = ${JSON.stringify(texts)}.map((text) => {
          const span = document.createElement('span');
          span.style.cssText = 'position:absolute;white-space:nowrap;font:700 100px system-ui';
          span.textContent = text;
          document.body.append(span);
          return span;
        });
        return spans.map((span) => span.getBoundingClientRect().width / 100);
      })()`),
    );
    expect(texts.filter((text, at) => (widths[at] ?? 0) > emsOf(text))).toEqual([]);
    expect(texts.length).toBeGreaterThan(1_000);
  });

  const cases = TAGS.map((tag) => [tag, widestOf(tag)] as const);

  it.each([...cases, ['en', 'KWD'] as const, ['en', 'GBP'] as const])(
    'stands on one line in %s for %s and gets no smaller with larger text, whatever the window',
    async (tag, currency) => {
      for (const html of await pagesWith(currency, tag)) {
        const found = await measure(html);
        expect(found.filter(({ faults }) => faults.length > 0)).toEqual([]);
        for (const [at, { size, sizes }] of found.entries()) {
          const smaller = size === SIZES[0] ? sizes : (found[at - 1]?.sizes ?? []);
          expect(sizes.length).toBeGreaterThan(0);
          expect(sizes.filter((px, nth) => px < (smaller[nth] ?? 0) - 0.01)).toEqual([]);
        }
      }
    },
  );
});
