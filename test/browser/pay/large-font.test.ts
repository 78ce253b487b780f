import { describe, expect, it } from 'vitest';
import { PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { createLink } from '../support/links.ts';

const demo = readDemo();
const { sandbox } = demo.main;
const buyers = useBuyers(demo);

/** Amounts that stand on more than one line, or that go over the edge of what they are in. */
const BROKEN = `[...document.querySelectorAll('.sum, .chip span, .pay')].flatMap((element) => {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts.flatMap((node) => [...node.data.matchAll(/\\d[\\d.,\\s]*\\d|\\d/g)].filter(({ 0: amount, index }) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + amount.length);
    const { left, right } = element.getBoundingClientRect();
    const rects = [...range.getClientRects()];
    return rects.length !== 1 || rects[0].left < left - 1 || rects[0].right > right + 1;
  }).map(({ 0: amount }) => amount));
})`;

/** Font size and width of the window, in px. */
const SIZES = [
  [16, 375],
  [24, 375],
  [32, 375],
  [16, 320],
  [16, 188],
] as const;

describe('an amount of money', () => {
  it.each(['en', 'fr', 'pl'])('stands on one line in "%s", whatever the font and the window', async (lang) => {
    const fixed = await createLink(demo, sandbox, { amount_cents: 123_456 });
    const suggested_amounts_cents = [500, 10_000, 123_456];
    const open = await createLink(demo, sandbox, { currency: 'GBP', amount_editable: true, suggested_amounts_cents });
    const page = await buyers.open(PHONE);
    for (const { url } of [fixed, open]) {
      await page.goto(`${url}?lang=${lang}`);
      for (const [font, width] of SIZES) {
        await page.setViewportSize({ width, height: 800 });
        await page.evaluate(`document.documentElement.style.fontSize = '${font}px'`);
        const fits = await page.evaluate('document.documentElement.scrollWidth <= innerWidth');
        expect({ font, width, broken: await page.evaluate(BROKEN), fits }).toEqual({
          font,
          width,
          broken: [],
          fits: true,
        });
      }
    }
  });
});
