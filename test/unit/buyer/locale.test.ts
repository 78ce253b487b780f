import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, negotiateLocale } from '../../../src/http/buyer/locale.ts';

describe("the page's language", () => {
  it.each([
    [undefined, undefined, 'en'],
    [undefined, '', 'en'],
    [undefined, '*', 'en'],
    [undefined, 'de', 'de'],
    [undefined, 'de-CH,de;q=0.9,en;q=0.8', 'de-CH'],
    [undefined, 'sv-SE,sv;q=0.9,fr;q=0.5,en;q=0.4', 'fr'],
    [undefined, 'en;q=0.4,ar-EG;q=0.8', 'ar-EG'],
    [undefined, 'de;q=0,pl', 'pl'],
    [undefined, 'de;q=0', 'en'],
    [undefined, 'zh-Hant-TW,ja;q=0.1', 'ja'],
    [undefined, 'pt-br', 'pt-BR'],
    [undefined, 'pt;q=0.5', 'pt-BR'],
    [undefined, 'pt-AO,pt;q=0.9', 'pt-AO'],
    ['pt', 'de', 'pt-BR'],
    ['pt_PT', undefined, 'pt-PT'],
    [undefined, 'es-419', 'es-419'],
    [undefined, 'EN-in', 'en-IN'],
    ['ja', 'de', 'ja'],
    ['de_AT', undefined, 'de-AT'],
    ['AR', 'de', 'ar'],
    ['sv', 'de', 'de'],
    ['', 'de', 'de'],
    ['../../etc', 'it', 'it'],
    ['de"><script>', undefined, 'en'],
    ['ar-u-nu-thai', undefined, 'ar'],
    ['de-Latn-DE-x-private', undefined, 'de-DE'],
    [`de-${'x'.repeat(10_000)}`, undefined, 'en'],
  ])('is for ?lang=%s and Accept-Language %s: %s', (lang, header, tag) => {
    expect(negotiateLocale(lang, header).tag).toBe(tag);
  });

  it.each([
    ['pt', 'pt-BR'],
    ['pt-BR', 'pt-BR'],
    ['pt-US', 'pt-BR'],
    ['pt-419', 'pt-BR'],
    ['pt-PT', 'pt-PT'],
    ['pt-AO', 'pt-PT'],
    ['pt-CV', 'pt-PT'],
    ['pt-MZ', 'pt-PT'],
    ['pt-CH', 'pt-PT'],
    ['de-BR', 'de'],
  ])('of a reader of %s has the words of %s', (lang, language) => {
    expect(negotiateLocale(lang, undefined).language).toBe(language);
  });

  it('runs from right to left in Arabic only', () => {
    expect(LANGUAGES.filter((language) => negotiateLocale(language, undefined).dir === 'rtl')).toEqual(['ar']);
  });

  it('reads no further than a browser ever writes', () => {
    expect(negotiateLocale(undefined, `${'xx,'.repeat(5000)}de`).tag).toBe('en');
    expect(negotiateLocale(undefined, `${'xx-'.repeat(5000)},de`).tag).toBe('en');
  });

  it('is always one of ours with a tag that Intl takes, whatever is sent', () => {
    const junk = fc.option(fc.string({ unit: 'binary', maxLength: 600 }), { nil: undefined });
    fc.assert(
      fc.property(junk, junk, (lang, header) => {
        const { language, tag } = negotiateLocale(lang, header);
        expect(LANGUAGES).toContain(language);
        expect(tag).toMatch(/^[a-z]{2}(-([A-Z]{2}|\d{3}))?$/);
        expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
      }),
    );
  });
});
