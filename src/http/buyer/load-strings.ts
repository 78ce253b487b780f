import { describeError, logLine } from '../../core/log.ts';
import { ENGLISH, type Language, type Locale } from './locale.ts';
import { en } from './locales/en.ts';
import type { Strings } from './strings.tsx';

/** A page that waits longer for its language is better off in English. */
const TIMEOUT_MS = 2_000;

/** Texts are kept, not promises: a request that is given up takes its reads with it, and whoever waits for them. */
const loadedTexts = new WeakMap<Fetcher, Map<Language, Strings>>();

/**
 * The texts for a reader, with the locale they are in. English is part of the Worker; another language is the static file
 * `/pay/strings/<language>.json`, read through `assets` once per isolate. A file that cannot be read, or lacks a text, is
 * logged, asked for again by the next page, and leaves this one in English. Never throws.
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

/** True for a tree with the keys of `model`, no other, and a text wherever it has one. */
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
