import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadStrings } from '../../../src/http/buyer/load-strings.ts';
import { type Locale, negotiateLocale } from '../../../src/http/buyer/locale.ts';

const PUBLIC = resolve(import.meta.dirname, '../../../public');

/** The static files as the platform's binding answers them. */
export const ASSETS: Fetcher = {
  fetch: async (input) => new Response(readFileSync(`${PUBLIC}${new URL(String(input)).pathname}`)),
  connect: () => {
    throw new Error('Files are fetched, not connected to.');
  },
};

/** A reader of this language, as the pages' `locale` and `strings`. Throws where its texts cannot be loaded. */
export async function readerOf(lang: string): Promise<Awaited<ReturnType<typeof loadStrings>>> {
  const locale: Locale = negotiateLocale(lang, undefined);
  const reader = await loadStrings(ASSETS, locale);
  if (reader.locale !== locale) throw new Error(`The texts for ${lang} were not loaded`);
  return reader;
}
