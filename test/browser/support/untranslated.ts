import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import * as z from 'zod';

const APP = join(import.meta.dirname, '../../../src/merchant-app');

/** What the reader of a page sees or hears, but for code and for names that are the same in every language. */
const SHOWN = `(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest('script, style, pre, code, .mono, .code')) {
      texts.push(walker.currentNode.data);
    }
  }
  for (const name of ['aria-label', 'placeholder', 'alt', 'data-copied']) {
    for (const element of document.querySelectorAll('[' + name + ']')) texts.push(element.getAttribute(name));
  }
  return [document.title, ...texts].map((text) => text.replace(/\\s+/g, ' ').trim()).filter((text) => text !== '');
})()`;

/** A table of texts as the app has it, with a member for each language. */
export interface TextTable {
  readonly en: unknown;
  readonly de: unknown;
}

/** Stands in place of what a text says about something, such as an amount. */
const GAP = '\u2060';
const MANY_GAPS = new Array<string>(5).fill(GAP);

/** Loads every file of the app that has texts. */
export async function loadTexts(): Promise<void> {
  const files = readdirSync(APP, { recursive: true, encoding: 'utf8' });
  for (const file of files) {
    if (/\.tsx?$/.test(file) && readFileSync(join(APP, file), 'utf8').includes('inLanguages'))
      await import(join(APP, file));
  }
}

/** All texts in a table of one language, each without what it says about something. */
function textsIn(table: unknown): string[] {
  if (typeof table === 'string') return table.split(GAP).map((text) => text.trim());
  if (typeof table === 'function') return textsIn(Reflect.apply(table, undefined, MANY_GAPS));
  return typeof table === 'object' && table !== null ? Object.values(table).flatMap(textsIn) : [];
}

/** Only the words of a text. */
const wordsOf = (text: string) => text.replaceAll(/[^\p{L}]+/gu, ' ').trim();

/**
 * Finds on a page in German what is there in English: several words anywhere, but a single word only where it stands alone, because
 * merchants and buyers write English too.
 */
export function untranslatedBy(tables: readonly TextTable[]): (page: Page) => Promise<string[]> {
  const german = ` ${wordsOf(tables.flatMap(({ de }) => textsIn(de)).join(' '))} `;
  const english = new Set(tables.flatMap(({ en }) => textsIn(en)).map(wordsOf));
  const judged = [...english].filter((words) => words.length > 2 && !german.includes(` ${words} `));
  return async (page) => {
    const shown = z.array(z.string()).parse(await page.evaluate(SHOWN));
    const faultsOf = (text: string) => {
      const words = wordsOf(text);
      const found = judged.filter((one) => words === one || (one.includes(' ') && ` ${words} `.includes(` ${one} `)));
      return found.map((one) => `"${one}" in "${text}"`);
    };
    return shown.flatMap(faultsOf);
  };
}
