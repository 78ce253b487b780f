import { describeError, logLine } from '../../core/log.ts';
import { ENGLISH, type Language, type Locale } from './locale.ts';
import { en } from './locales/en.ts';
import type { Strings } from './strings.tsx';

/** If a file is not read in this time, the page is in English. */
const TIMEOUT_MS = 2_000;

/** Not promises: when a request ends its unfinished reads end too, and other requests would wait for them without end. */
const loadedTexts = new WeakMap<Fetcher, Map<Language, Strings>>();

/**
 * Loads the texts for a reader, with the locale that they are in. English is part of the Worker. Any other language is the static
 * file `/pay/strings/<language>.json`, which is read once per isolate. If it cannot be read or lacks a text, the texts are
 * English, the log says why, and the next page tries again. Never throws.
 */
export async function loadStrings(
  assets: Fetcher,
  locale: Locale,
): Promise<{ readonly locale: Locale; readonly strings: Strings }> {
  const { language } = locale;
  if (language === 'en') return { locale, strings: en };
  try {
    const known = loadedTexts.get(assets) ?? new Map<Language, Strings>();
    loadedTexts.set(assets, known);
    const strings = known.get(language) ?? (await fetchStrings(assets, language));
    known.set(language, strings);
    return { locale, strings };
  } catch (error) {
    logLine('error', 'texts not loaded', { language, error: describeError(error) });
    return { locale: ENGLISH, strings: en };
  }
}

async function fetchStrings(assets: Fetcher, language: Language): Promise<Strings> {
  // The binding looks at the path alone.
  const url = `https://assets.invalid/pay/strings/${language}.json`;
  const response = await assets.fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`The file was answered ${response.status}`);
  const texts: unknown = await response.json();
  if (!hasTextsOf(texts, en)) throw new Error('The file does not have the texts of the English one');
  return texts;
}

/** True if `value` has the same keys as `model`, and a text wherever `model` has one. */
function hasTextsOf<T extends object>(value: unknown, model: T): value is T {
  if (typeof value !== 'object' || value === null) return false;
  const texts = new Map<string, unknown>(Object.entries(value));
  const wanted = Object.entries(model);
  return (
    texts.size === wanted.length &&
    wanted.every(([key, text]) =>
      typeof text === 'string' ? typeof texts.get(key) === 'string' : hasTextsOf(texts.get(key), text),
    )
  );
}
