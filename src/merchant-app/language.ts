import { parseAccept } from 'hono/utils/accept';

/** The languages of the merchant app and of its mails. */
const LANGUAGES = ['en', 'de'] as const;

export type Language = (typeof LANGUAGES)[number];

/** The language that fits an `Accept-Language` header best. English if none does. */
export function languageOf(header: string | null): Language {
  const wanted = parseAccept(header ?? '').sort((one, other) => other.q - one.q);
  for (const { type, q } of wanted) {
    const language = LANGUAGES.find((known) => known === type.toLowerCase().split('-')[0]);
    if (q > 0 && language) return language;
  }
  return 'en';
}

/** The texts of a page or mail, the same ones in each language. */
type InLanguages<Texts> = Readonly<Record<Language, Texts>>;

/** Checks that each language has the same texts. */
export function inLanguages<Texts>(texts: { readonly en: Texts; readonly de: NoInfer<Texts> }): InLanguages<Texts> {
  return texts;
}
