import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions, ConsoleMessage, Page, Request } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { accessibilityFaults, colourFaults } from './axe.ts';
import { launchChromium } from './chromium.ts';
import type { Demo } from './demo.ts';

const SCREENSHOTS = 'test-results/screenshots';
export const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
export const DESKTOP = { viewport: { width: 1280, height: 900 } };

const LISTEN = `addEventListener('securitypolicyviolation', (event) =>
  noteViolation(event.documentURI + ' ' + event.effectiveDirective + ' ' + event.blockedURI))`;
/** What is wider than its place: the page itself, or the card, which hides what does not fit. */
const OVERFLOW = `[document.documentElement, ...document.querySelectorAll('main, .body')]
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.tagName + ' ' + element.scrollWidth + ' > ' + element.clientWidth)`;

export interface Buyers {
  /** A window of a new visitor. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** What our pages have done wrong in this test so far; empties the list. */
  takeFaults(): string[];
}

export interface BuyerOptions {
  /** Other origins that our pages may ask. */
  readonly mayAsk?: readonly string[];
  /** Of Chromium's command line. */
  readonly switches?: readonly string[];
}

/**
 * A browser for the tests of a file. Each test's windows are closed after it, and it fails where one of our pages broke its
 * own policy, logged an error, threw, or asked another origin for something.
 */
export function useBuyers(demo: Demo, { mayAsk = [], switches = [] }: BuyerOptions = {}): Buyers {
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];
  let browser: Browser | undefined;
  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium(switches);
  });
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => await browser?.close());
  return {
    open: async (options = PHONE) => {
      if (!browser) throw new Error('The browser is not there yet: open windows inside tests.');
      const context = await browser.newContext({ locale: 'en-GB', ...options });
      contexts.push(context);
      await context.exposeFunction('noteViolation', (text: string) => {
        if (text.startsWith(demo.baseUrl)) faults.push(`policy: ${text}`);
      });
      await context.addInitScript(LISTEN);
      const page = await context.newPage();
      watch(demo, page, { faults, mayAsk });
      return page;
    },
    takeFaults: () => faults.splice(0),
  };
}

function watch(demo: Demo, page: Page, { faults, mayAsk }: { faults: string[]; mayAsk: readonly string[] }): void {
  const isOurs = (url: string) => URL.canParse(url) && new URL(url).origin === demo.baseUrl;
  page.on('console', (message) => {
    const { url } = message.location();
    const ours = isOurs(url) || (url === '' && isOurs(page.url()));
    if (ours && ['error', 'warning'].includes(message.type()) && !isStatusOfPage(message) && !isOwnPicture(message)) {
      faults.push(`console: ${message.text()} (${url})`);
    }
  });
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const asked = new URL(request.url()).origin;
    if (
      !isOpening(page, request) &&
      isOurs(request.frame().url()) &&
      !isOurs(request.url()) &&
      !mayAsk.includes(asked)
    ) {
      faults.push(`asked for ${request.url()}`);
    }
  });
}

/** The browser logs an answer with 410 and the like as an error; the tests judge statuses themselves. */
function isStatusOfPage(message: ConsoleMessage): boolean {
  const path = URL.canParse(message.location().url) ? new URL(message.location().url).pathname : '';
  return (
    /^Failed to load resource: the server responded/.test(message.text()) &&
    /^\/(app\/.+|connect\/return|pay\/link\/[^/]+(\/done)?|api\/v1\/embed\/payments\/sessions|embed\/payments\/frame)$/.test(
      path,
    )
  );
}

/** Here our address is http, also in a shop at https: Chromium warns of a logo from there, although the frame has it too. */
function isOwnPicture(message: ConsoleMessage): boolean {
  return /^Mixed Content: The page at '(http:\/\/[^/']+)\/.* element '\1\/logo\//.test(message.text());
}

/** Going somewhere else is the buyer's business; fetching from there would be ours. */
function isOpening(page: Page, request: Request): boolean {
  return request.isNavigationRequest() && request.frame() === page.mainFrame();
}

/** Loads the page again until it says this: sooner than its own polling, which other tests are about. */
export async function untilHeading(page: Page, heading: string): Promise<void> {
  const reloaded = async () => {
    await page.reload();
    return await page.innerText('h1');
  };
  await expect.poll(reloaded, { timeout: 20_000, interval: 100 }).toBe(heading);
}

/** Keeps a picture of the page as it is, where somebody wants to look at it: pictures take a third of the time. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS !== 'true') return;
  await page.screenshot({ path: `${SCREENSHOTS}/pay-${name}.png`, fullPage: true });
}

/** Keeps a picture of the page once it has loaded, and holds it to WCAG 2.2 AA and to fitting its window. */
export async function inspect(page: Page, name: string): Promise<void> {
  await page.waitForLoadState();
  await picture(page, name);
  expect(await page.evaluate<string[]>(OVERFLOW), name).toEqual([]);
  expect(await accessibilityFaults(page.mainFrame()), name).toEqual([]);
}

/** Keeps a picture of a page that `inspect` has passed, in another colour scheme, and holds that to its contrasts. */
export async function inspectColours(page: Page, name: string): Promise<void> {
  await picture(page, name);
  expect(await colourFaults(page.mainFrame()), name).toEqual([]);
}
