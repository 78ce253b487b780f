import type { Frame, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { accessibilityFaults } from '../support/axe.ts';
import { DESKTOP, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';
import { inspectAll, makeWorkspace, signIn, WALKS } from '../support/people.ts';

const { appUrl, ...demo } = readDemo();
const people = useBuyers({ ...demo, appUrl, baseUrl: appUrl });

/** The frame that shows the pay page, once it has this text. */
async function previewWith(page: Page, text: string): Promise<Frame> {
  const textOf = async () => {
    const frame = page.frames().at(-1);
    return frame && frame !== page.mainFrame() ? await frame.innerText('body').catch(() => '') : '';
  };
  await expect.poll(textOf).toContain(text);
  const frame = page.frames().at(-1);
  if (!frame) throw new Error('The page has no frame');
  return frame;
}

/** What axe finds wrong with the preview, in a page of its own: in the preview itself no script runs, and so no axe. */
async function faultsOfPreview(page: Page, url: string): Promise<string[]> {
  const html = await (await page.request.get(url)).text();
  const alone = await page.context().newPage();
  await alone.setContent(html);
  const faults = await accessibilityFaults(alone.mainFrame());
  await alone.close();
  return faults;
}

/** How many pages the poster has when it is printed, and how large they are in points. */
async function printed(page: Page): Promise<{ pages: number; size: string | undefined }> {
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const size = /\/MediaBox \[0 0 (\d+)[\d.]* (\d+)/.exec(pdf);
  return { pages: pdf.match(/\/Type \/Page\b/g)?.length ?? 0, size: `${size?.[1]} ${size?.[2]}` };
}

describe('payment links in the merchant app', () => {
  it.each(WALKS)('are made, shared, printed and copied to live on a %s', async (device, options) => {
    const hasScripts = options.javaScriptEnabled !== false;
    const page = await people.open(options);
    const look = (name: string) => (hasScripts ? inspectAll(page, name) : Promise.resolve());
    await signIn(page, `links.${device}@example.com`);
    const workspace = await makeWorkspace(page, 'Harbour Studio');
    const links = `${appUrl}/app/test/${workspace}/links`;
    await page.goto(links);
    await look('links-empty');

    await page.click('main a:text("New link")');
    await previewWith(page, 'The title of your link');
    await page.fill('#title', 'Studio deposit');
    await page.fill('#amount', '0.10');
    await page.fill('#button_colour', '#0f5f6b');
    if (!hasScripts) await page.click('button:text("Show the preview")');
    await previewWith(page, 'Studio deposit');
    if (hasScripts) expect(await faultsOfPreview(page, `${links}/preview`)).toEqual([]);
    await page.click('details:not(.ws) summary');
    await page.click('button:text("Make the link")');
    expect(await page.innerText('.error')).toContain('Write at least £0.30');
    await look('link-form-refused');
    await page.check('input[value=open]');
    await page.fill('#minimum', '5');
    await page.fill('[name=suggested] >> nth=0', '10');
    await page.fill('[name=suggested] >> nth=1', '25');
    if (!hasScripts) await page.click('button:text("Show the preview")');
    await previewWith(page, '£25');
    await look('link-form');
    await page.click('button:text("Make the link")');
    await page.waitForURL(/\/links\/lnk_[0-9a-z]{21}\?done=made$/);
    await look('link');

    const link = page.url().replace('?done=made', '');
    await page.click('a:text("Poster")');
    await look('poster');
    if (device === 'phone') {
      expect(await printed(page)).toEqual({ pages: 1, size: '594 841' });
      await page.click('a:text("A6")');
      await page.waitForURL(/size=a6$/);
      expect(await printed(page)).toEqual({ pages: 1, size: '298 420' });
    }
    await page.goto(links);
    await look('links');
    await page.click('.switch');
    await page.waitForURL(links);
    expect(await page.getAttribute('.switch', 'aria-checked')).toBe('false');
    await page.goto(link);
    await page.click('a:text("Copy to live")');
    await look('link-to-live');
    await page.click('button:text("Copy to live")');
    await page.waitForURL(/\/app\/live\/.*\?done=made$/);
    expect(await page.innerText('h1')).toBe('Studio deposit');
  });

  it('show a preview that does nothing, and that the way back does not lead through', async () => {
    const page = await people.open(DESKTOP);
    await signIn(page, 'links.back@example.com');
    const links = `${appUrl}/app/test/${await makeWorkspace(page, 'Harbour Studio')}/links`;
    await page.goto(links);
    await page.click('main a:text("New link")');
    for (const title of ['One', 'Two', 'Three']) {
      await page.fill('#title', title);
      await previewWith(page, title);
    }
    const frame = await previewWith(page, 'Three');
    await frame.click('button.pay');
    expect(people.takeFaults()).toEqual([expect.stringContaining('sandbox')]);
    expect(await frame.innerText('h1')).toBe('Three');
    await page.goBack();
    expect(page.url()).toBe(links);
  });

  it('show in the preview what was typed before the script had loaded', async () => {
    const page = await people.open(DESKTOP);
    await signIn(page, 'links.slow@example.com');
    const links = `${appUrl}/app/test/${await makeWorkspace(page, 'Harbour Studio')}/links`;
    const typed = Promise.withResolvers<void>();
    await page.route('**/app/app.js', async (route) => {
      await typed.promise;
      await route.continue();
    });
    await page.goto(`${links}/new`, { waitUntil: 'commit' });
    await page.fill('#title', 'Studio deposit');
    typed.resolve();
    await previewWith(page, 'Studio deposit');
  });
});
