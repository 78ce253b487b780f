import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Frame } from 'playwright-core';
import * as z from 'zod';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const axePath = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright')).resolve('axe-core');
const AXE = readFileSync(axePath, 'utf8');
/** The only rules whose results depend on the colours of a page. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block'];

const run = (rules: readonly string[]) =>
  `axe.run(document, { iframes: false, resultTypes: ['violations'], runOnly: ${JSON.stringify(rules)} }).then(
  ({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`;

/**
 * What axe finds wrong with these documents (WCAG 2.2 AA and good practice), one line for each element: [] when all is well.
 * Each is judged as a page of its own: that takes a third of the time of axe's way through all frames.
 */
export async function accessibilityFaults(...documents: Frame[]): Promise<string[]> {
  const faults: string[] = [];
  for (const document of documents) faults.push(...(await faultsOf(document, RULES)));
  return faults;
}

/** Like `accessibilityFaults` for a document that has no faults in one colour scheme, and is shown in another one. */
export async function colourFaults(document: Frame): Promise<string[]> {
  return await faultsOf(document, COLOUR_RULES);
}

async function faultsOf(document: Frame, rules: readonly string[]): Promise<string[]> {
  const hasAxe = await document.evaluate<boolean>('typeof axe !== "undefined"');
  if (!hasAxe) await document.evaluate(AXE);
  return z.array(z.string()).parse(await document.evaluate(run(rules)));
}
