import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { png } from '../../support/pictures.ts';
import { doneHtml, payHtml, WHOLE_LOGO, WHOLE_PROFILE } from '../../unit/pay/views.ts';
import { DESKTOP, PHONE, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';

const demo = readDemo();
const buyers = useBuyers(demo);
const LOGO_AFTER_MS = 700;
const WINDOWS = { phone: { ...PHONE, viewport: { width: 360, height: 640 } }, desktop: DESKTOP };

/** In the page: how far what was already shown has moved, from the beginning on (web.dev/cls). */
const OBSERVE = `globalThis.moved = 0;
new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) moved += value;
}).observe({ type: 'layout-shift', buffered: true });`;
const TWO_FRAMES =
  'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 100))))';

/** The cumulative layout shift of a page whose logo arrives long after it was painted. */
async function shiftOf(html: string, options: keyof typeof WINDOWS): Promise<number> {
  const page = await buyers.open(WINDOWS[options]);
  await page.addInitScript(OBSERVE);
  await page.route(`${demo.baseUrl}/pay/link/moving`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.route(`${demo.baseUrl}${WHOLE_LOGO.path}`, async (route) => {
    await wait(LOGO_AFTER_MS);
    await route.fulfill({ contentType: 'image/png', body: Buffer.from(png(WHOLE_LOGO)) });
  });
  await page.goto(`${demo.baseUrl}/pay/link/moving`);
  expect(await page.evaluate<number>(`document.querySelector('img.mark').naturalWidth`)).toBe(WHOLE_LOGO.width);
  await page.evaluate(TWO_FRAMES);
  return await page.evaluate<number>('moved');
}

describe('a page with a logo', () => {
  const profile = WHOLE_PROFILE;

  it.each(['phone', 'desktop'] as const)('does not move when the logo arrives, on a %s', async (options) => {
    expect(await shiftOf(await payHtml({ profile }), options)).toBe(0);
    expect(await shiftOf(await doneHtml({ profile }), options)).toBe(0);
  });

  it('would move without the size of the logo, and that would be seen here', async () => {
    const html = (await payHtml({ profile })).replace(/ width="512" height="256"/, '');
    expect(await shiftOf(html, 'phone')).toBeGreaterThan(0);
  });
});
