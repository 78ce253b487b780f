import { describeError, logLine } from '../../core/log.ts';
import { ENGLISH, type Language, type Locale } from './locale.ts';
import { en } from './locales/en.ts';
import type { Strings } from './strings.tsx';

/** If the file of a language is not read in this time, the page is in English. */
const TIMEOUT_MS = 2_000;

/** Texts, not promises: a read ends with the request that began it, and others would wait without end. */
const loadedTexts = new WeakMap<Fetcher, Map<Language, Strings>>();

/**
 * Loads the texts in the language of `locale`. Returns them with the locale of the texts. English is part of the
 * Worker. Any other language is a static file, `/pay/strings/<language>.json`, which is read once per isolate. If it
 * cannot be read or lacks a text, the result is English, the reason is logged, and the next call tries again. Never
 * throws.
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
  // The assets binding uses only the path of the URL.
  const url = `https://assets.invalid/pay/strings/${language}.json`;
  const response = await assets.fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`The file was answered ${response.status}`);
  const texts: unknown = await response.json();
  if (!hasTextsOf(texts, en)) throw new Error('The file does not have the texts of the English one');
  return texts;
}

/** True if `value` has the same keys as `model`, and a text wherever `model` has a text. */
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
