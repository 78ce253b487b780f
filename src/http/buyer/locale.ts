import type { Context } from 'hono';
import { parseAccept } from 'hono/utils/accept';

/** The languages of the pay page and the widget. English is for a reader of any other language. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt-BR', 'pt-PT', 'pl', 'ar', 'ja'] as const;

export type Language = (typeof LANGUAGES)[number];

/**
 * The language and region of a reader. `tag` is the BCP 47 tag for `Intl` and the `lang` attribute: the language, with
 * the region if one is known ("de-CH"), and nothing else that the reader sent.
 */
export interface Locale {
  readonly language: Language;
  readonly tag: string;
  readonly dir: 'ltr' | 'rtl';
}

/** More than any browser sends in `Accept-Language`. What is longer is cut off. */
const MAX_HEADER_CHARACTERS = 512;
const MAX_HEADER_ENTRIES = 24;
const MAX_TAG_CHARACTERS = 35;

/** The countries and areas of the Americas. Their Portuguese is Brazil's, all others write that of Portugal. */
const AMERICAS = new Set(
  (
    'AG AI AR AW BB BL BM BO BQ BR BS BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GT GY HN HT JM KN KY LC MF MQ MS ' +
    'MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI 003 005 013 019 021 029 419'
  ).split(' '),
);

/** The locale for readers of a language that we do not have. */
export const ENGLISH: Locale = { language: 'en', tag: 'en', dir: 'ltr' };

/**
 * Chooses the locale of a visitor: `lang` if it is one of our languages, else the best one in `Accept-Language` by its
 * weights (RFC 9110, 12.5.4; weight 0 excludes a language), else English. Portuguese without a region is Brazil's.
 * Malformed values are ignored. Never throws.
 */
export function negotiateLocale(lang: string | undefined, acceptLanguage: string | undefined): Locale {
  const asked = lang === undefined ? null : toLocale(lang);
  if (asked !== null) return asked;
  const accepted = parseAccept((acceptLanguage ?? '').slice(0, MAX_HEADER_CHARACTERS)).slice(0, MAX_HEADER_ENTRIES);
  for (const { type, q } of accepted) {
    const locale = q > 0 ? toLocale(type) : null;
    if (locale !== null) return locale;
  }
  return ENGLISH;
}

/** The locale of a request, by `lang` in its query, else by `Accept-Language`. Typed amounts are read in it too. */
export function localeOf(c: Pick<Context, 'req'>): Locale {
  return negotiateLocale(c.req.query('lang'), c.req.header('Accept-Language'));
}

/**
 * The `lang` of a request, for the query of the next page. {} if the request has none. So the buyer keeps the language
 * on the way to Stripe and back.
 */
export function askedLanguage(c: Pick<Context, 'req'>): Record<string, string> {
  return c.req.query('lang') === undefined ? {} : { lang: localeOf(c).tag };
}

function toLocale(tag: string): Locale | null {
  if (tag.length > MAX_TAG_CHARACTERS) return null;
  const parsed = parseTag(tag.trim().replaceAll('_', '-'));
  if (parsed === null) return null;
  const language = languageOf(parsed);
  if (language === undefined) return null;
  const withRegion = parsed.region ? `${parsed.language}-${parsed.region}` : language;
  return { language, tag: withRegion, dir: language === 'ar' ? 'rtl' : 'ltr' };
}

function languageOf({ language, region }: Intl.Locale): Language | undefined {
  if (language === 'pt') return region === undefined || AMERICAS.has(region) ? 'pt-BR' : 'pt-PT';
  return LANGUAGES.find((known) => known === language);
}

function parseTag(tag: string): Intl.Locale | null {
  try {
    return new Intl.Locale(tag);
  } catch {
    return null;
  }
}
