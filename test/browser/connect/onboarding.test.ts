import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import * as z from 'zod';
import { DESKTOP, inspect, useBuyers } from '../support/buyer.ts';
import { readDemo } from '../support/demo.ts';

const demo = readDemo();
const people = useBuyers(demo);
const ROOT = join(import.meta.dirname, '../../..');
const NARROW = { viewport: { width: 360, height: 740 } };

/** Runs `npm run admin` on the running copy, and returns its answer as JSON. */
async function admin(...words: string[]): Promise<unknown> {
  const flags = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', 'scripts/admin/main.ts'];
  const place = ['--persist-to', dirname(inject('demoFile')), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, ...words, ...place], { cwd: ROOT });
  return JSON.parse(stdout);
}

/** A new sandbox workspace without an account. */
async function newWorkspace(): Promise<string> {
  const created = z.object({ sandbox: z.object({ id: z.string() }) });
  return created.parse(await admin('workspace', 'create', '--name', 'Harbour Studio')).sandbox.id;
}

/** The link that the operator's command prints. */
async function linkFor(workspace: string): Promise<string> {
  const begun = await admin('account', 'onboard', workspace, '--country', 'GB', '--email', 'owner@shop.example');
  return z.object({ url: z.url() }).parse(begun).url;
}

async function stateOf(workspace: string): Promise<string> {
  return z.object({ state: z.string() }).parse(await admin('account', 'status', workspace)).state;
}

/** Goes through Stripe's steps, and lets Stripe decide so. */
async function finish(page: Page, outcome: string): Promise<void> {
  for (const step of ['business', 'person', 'bank']) {
    await page.waitForURL(`**/${step}`);
    await page.click('button[value=sample]');
  }
  await page.waitForURL('**/review');
  await page.check(`input[value=${outcome}]`);
  await page.click('button[value=submit]');
  await page.waitForURL(`${demo.baseUrl}/connect/return?*`);
}

/** Holds the page to its rules at both widths, and keeps pictures, light and dark. */
async function inspectAll(page: Page, name: string): Promise<void> {
  for (const [size, { viewport }] of Object.entries({ narrow: NARROW, wide: DESKTOP })) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await inspect(page, `connect-${name}-${size}-${colorScheme}`);
    }
  }
}

describe('A merchant with the link that the operator has printed', () => {
  it.each<[string, BrowserContextOptions]>([
    ['with scripts', NARROW],
    ['without scripts', { ...NARROW, javaScriptEnabled: false }],
  ])('goes through four steps at Stripe, and reads that the account is ready, %s', async (_how, options) => {
    const workspace = await newWorkspace();
    const page = await people.open(options);
    await page.goto(await linkFor(workspace));
    await finish(page, 'ready');
    expect(await page.innerText('h1')).toBe('You are ready to take payments');
    expect(await page.content()).not.toContain('Harbour Studio');
    expect(await stateOf(workspace)).toBe('ready');
    if (options.javaScriptEnabled !== false) await inspectAll(page, 'ready');
  });

  it('leaves early, reads so, goes on with another link, and sees the decision arrive by itself', async () => {
    const workspace = await newWorkspace();
    const page = await people.open(NARROW);
    const link = await linkFor(workspace);
    await page.goto(link);
    await page.click('button[value=leave]');
    await page.waitForURL(`${demo.baseUrl}/connect/return?*`);
    expect(await page.innerText('h1')).toBe('You are not finished yet');
    await inspectAll(page, 'left');

    const used = await people.open(NARROW);
    await used.goto(link);
    expect(new URL(used.url()).pathname).toBe('/connect/link-expired');
    await inspectAll(used, 'link-expired');

    const again = await people.open(NARROW);
    await again.goto(await linkFor(workspace));
    await finish(again, 'in_review_without_charges');
    expect(await again.innerText('h1')).toBe('Stripe is checking your details');
    await inspectAll(again, 'review');
    await decide(workspace, 'ready');
    await again.locator('h1', { hasText: 'You are ready to take payments' }).waitFor();
  });

  it.each(['document_needed', 'payouts_held', 'requirement_due', 'cards_not_granted', 'rejected'])(
    'reads what Stripe has decided: %s',
    async (outcome) => {
      const page = await people.open(NARROW);
      await page.goto(await linkFor(await newWorkspace()));
      await finish(page, outcome);
      await inspectAll(page, outcome);
    },
  );
});

describe('Somebody with an address that is not ours', () => {
  it('reads whom to ask', async () => {
    const page = await people.open(NARROW);
    const response = await page.goto(`${demo.baseUrl}/connect/return?t=forged`);
    expect(response?.status()).toBe(404);
    await inspectAll(page, 'unknown');
  });
});

/** What Stripe decides about the account of a workspace. */
async function decide(workspace: string, outcome: string): Promise<void> {
  const shown = z.object({ account: z.object({ id: z.string() }) }).parse(await admin('workspace', 'show', workspace));
  const response = await fetch(`${demo.stripeUrl}/_control/accounts/${shown.account.id}/outcome`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ outcome }),
  });
  expect(response.ok).toBe(true);
}
