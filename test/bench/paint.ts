import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import * as z from 'zod';
import { launchChromium } from '../browser/support/chromium.ts';
import { ask } from './ask.ts';
import { buildBundles } from './bundles.ts';
import { requestsTo } from './cases.ts';
import { median } from './measure.ts';
import { printPaint } from './report.ts';
import { startWorld, type World } from './world.ts';

const SHEET = readFileSync(join(import.meta.dirname, '../../public/pay/style.css'), 'utf8');
const ROUNDS = 3;
/** "Slow 3G" of Chromium's developer tools: the latency in ms, and bytes a second. */
const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 };

interface ServedPage {
  readonly name: string;
  /** As the Worker answers it: with the style sheet in it. */
  readonly html: string;
}

/**
 * Prints when the pay page and a receipt show their first content on Slow 3G, as a ratio to the same page whose style
 * sheet is a file that the browser waits for. Each page is loaded in both ways in turns, without a cache.
 */
export async function benchPaint(): Promise<void> {
  console.log('Building the Worker, and loading its pages on Slow 3G, about two minutes …\n');
  const world = await startWorld(await buildBundles());
  const pages = await readPages(world).finally(() => world.close());
  const server = await serve(pages);
  const browser = await launchChromium();
  try {
    const { port } = z.object({ port: z.int() }).parse(server.address());
    for (const { name } of pages) {
      const paints: Record<'inline' | 'file', number[]> = { inline: [], file: [] };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const way of ['inline', 'file'] as const) {
          paints[way].push(await firstPaint(browser, `http://127.0.0.1:${port}/${name}/${way}`));
        }
      }
      printPaint(name, median(paints.inline) / median(paints.file));
    }
  } finally {
    await browser.close();
    server.close();
  }
}

async function readPages({ targets, database }: World): Promise<ServedPage[]> {
  const { timed } = targets;
  const link = await requestsTo(timed).createLink();
  const page = `${timed.url}/pay/link/${link}`;
  const session = await requestsTo(timed).createOn(link);
  // Not through Stripe: nobody waits for its events here.
  const paid = "UPDATE payments SET status = 'succeeded' WHERE id = ? RETURNING stripe_session_id";
  const id = await database.prepare(paid).bind(session).first<string>('stripe_session_id');
  return [
    { name: 'pay-page', html: await ask(page, {}, 200) },
    { name: 'receipt', html: await ask(`${page}/done?session_id=${id}`, {}, 200) },
  ];
}

/** Serves each page as it is, at `/<name>/inline`, and at `/<name>/file` with its style sheet as a file. */
async function serve(pages: readonly ServedPage[]): Promise<Server> {
  const files = new Map<string, { type: string; text: string }>([['/style.css', { type: 'text/css', text: SHEET }]]);
  for (const { name, html } of pages) {
    if (!html.includes(SHEET)) throw new Error(`The ${name} has no style sheet in it.`);
    const link = '<link rel="stylesheet" href="/style.css"/>';
    const asFile = html.replace(SHEET, () => '').replace('</title>', () => `</title>${link}`);
    files.set(`/${name}/inline`, { type: 'text/html; charset=utf-8', text: html });
    files.set(`/${name}/file`, { type: 'text/html; charset=utf-8', text: asFile });
  }
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    if (!file) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': file.type, 'Content-Encoding': 'gzip' }).end(gzipSync(file.text));
  });
  return await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const FIRST_PAINT = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`;

/** When a new visitor sees the first content of the page, in ms. */
async function firstPaint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    const developerTools = await context.newCDPSession(page);
    await developerTools.send('Network.enable');
    await developerTools.send('Network.emulateNetworkConditions', SLOW_3G);
    await page.goto(url);
    const painted = await page.waitForFunction(FIRST_PAINT);
    return z.number().parse(await painted.jsonValue());
  } finally {
    await context.close();
  }
}
