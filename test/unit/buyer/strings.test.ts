import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatMoney, minorToDecimal } from '../../../src/core/money/money.ts';
import { LANGUAGES, negotiateLocale } from '../../../src/http/buyer/locale.ts';
import { en } from '../../../src/http/buyer/locales/en.ts';
import { say } from '../../../src/http/buyer/strings.tsx';
import { readerOf } from '../pay/texts.ts';
import { payHtml } from '../pay/views.ts';

/** A tree of texts as path → text. */
function flat(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[`${path}${key}`, value] as [string, string]] : flat(value, `${path}${key}.`),
  );
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();
const english = flat(en);

describe('the texts of the pay pages', () => {
  it('are many enough for this test to mean something', () => {
    expect(LANGUAGES).toHaveLength(11);
    expect(english.length).toBeGreaterThan(60);
  });

  it('are a static file for each language but English, and for no other', () => {
    const files = readdirSync(resolve(import.meta.dirname, '../../../public/pay/strings'));
    const others = LANGUAGES.filter((language) => language !== 'en');
    expect(files.sort()).toEqual(others.map((language) => `${language}.json`).sort());
  });

  it.each(LANGUAGES)('are complete in %s, none empty, each with the values of the English one', async (language) => {
    const own = new Map(flat((await readerOf(language)).strings));
    expect([...own.keys()].sort()).toEqual(english.map(([path]) => path).sort());
    for (const [path, text] of english) {
      expect(own.get(path)?.trim(), path).not.toBe('');
      expect(placeholders(own.get(path) ?? ''), path).toEqual(placeholders(text));
    }
  });

  it.each(LANGUAGES.filter((language) => language !== 'en'))('are translated in %s', async (language) => {
    const own = new Map(flat((await readerOf(language)).strings));
    const untranslated = english.filter(([path, text]) => own.get(path) === text).map(([path]) => path);
    expect(untranslated).toEqual([]);
  });
});

const WITHOUT_FRENCH = LANGUAGES.filter((language) => language !== 'fr');

/** What no text in these languages contains. Each `{name}` counts as a letter. */
const RULES: readonly (readonly [name: string, languages: readonly string[], wrong: RegExp])[] = [
  ['a straight quote or apostrophe', LANGUAGES, /["'`]/],
  ['two spaces, or one at an end', LANGUAGES, /\s{2}|^\s|\s$/],
  ['three single dots', LANGUAGES, /\.\./],
  ['a space before a stop or comma', LANGUAGES, /\s[.,،。、]/],
  ['a mark without its no-break space', ['fr'], /[^\u00a0]:|[^\u202f][;!?]|«[^\u00a0]|[^\u00a0]»/],
  ['a no-break space', WITHOUT_FRENCH, /[\u00a0\u202f]/],
  ['a space before a mark', WITHOUT_FRENCH, /\s[:;!?：！？؟؛]/],
  ['quotation marks of English', ['fr', 'es', 'it', 'pt-PT', 'ar', 'ja'], /[“”]/],
  ['a closing quotation mark of English', ['de'], /”/],
  ['an opening quotation mark of English', ['pl'], /“/],
  ['an exclamation or question that is not opened', ['es'], /^[^¡]*!|^[^¿]*\?/],
  ['a Latin comma, semicolon or question mark', ['ar'], /[,;?]/],
  ['Latin punctuation', ['ja'], /[,.:;!?()]/],
  ['words of Brazil', ['pt-PT'], /\b(você|salvar|comprovante|aceito)\b/i],
  ['words of Portugal', ['pt-BR'], /\b(guardar|ecrã|de momento|comprovativo|aceite)\b/i],
  ['places that are sold out, which an invoice does not have', ['en'], /\bplaces?\b|sold out/i],
];

describe('the typography of the texts', () => {
  it.each(RULES)('never has %s', async (_name, languages, wrong) => {
    for (const language of languages) {
      const texts = flat((await readerOf(language)).strings).map(([path, text]) => `${path}\t${text}`);
      const bare = texts.map((line) => line.replace(/\{\w+\}/g, 'x'));
      expect(
        bare.filter((line) => wrong.test(line.slice(line.indexOf('\t') + 1))),
        language,
      ).toEqual([]);
    }
  });

  it.each(LANGUAGES)('ends a text in %s as the English one ends: with a full stop or without', async (language) => {
    const own = new Map(flat((await readerOf(language)).strings));
    const stop = language === 'ja' ? '。' : '.';
    const wrong = english.filter(([path, text]) => text.endsWith('.') !== own.get(path)?.endsWith(stop));
    expect(wrong).toEqual([]);
  });
});

describe('"you have not been charged"', () => {
  /** The sentence in the language of these texts: the last one of a text that only a refused form is answered with. */
  const notCharged = (text: string): string => (/([^.。]+)[.。]$/.exec(text)?.[1] ?? '').trim().toLowerCase();

  it.each(LANGUAGES)(
    'is shown in %s where a form was refused, and never on a page that is only opened',
    async (language) => {
      const { closed } = (await readerOf(language)).strings;
      const sentence = notCharged(closed.slow_down.text);
      const contains = (reason: keyof typeof closed) => closed[reason].text.toLowerCase().includes(sentence);
      expect(sentence.length).toBeGreaterThan(8);
      expect(contains('refused')).toBe(true);
      const opened = ['sold_out', 'not_ready', 'wrong_method', 'done_unavailable'] as const;
      expect(opened.filter(contains)).toEqual([]);
    },
  );
});

describe('a value in a text', () => {
  const html = (template: string, values: Record<string, string>) => say(template, values).map(String).join('');

  it('stands apart in its own direction, and is text whatever is in it', () => {
    expect(html('Pay {amount} now', { amount: '<b>' })).toBe('Pay <bdi class="amount">&lt;b&gt;</bdi> now');
  });

  it('is not searched for further values', () => {
    expect(html('{business} {amount}', { business: '{amount}', amount: '5' })).toBe(
      '<bdi>{amount}</bdi> <bdi class="amount">5</bdi>',
    );
  });

  it('brings its own full stop', () => {
    expect(html('Goes to {business}.', { business: 'Example Inc.' })).toBe('Goes to <bdi>Example Inc.</bdi>');
    expect(html('Goes to {business}.', { business: 'Example' })).toBe('Goes to <bdi>Example</bdi>.');
  });
});

const CURRENCIES = 'GBP EUR USD JPY KWD ISK UGX HUF PLN CHF SEK AED SAR EGP INR BRL MXN TWD KRW TND'.split(' ');

/** ASCII digits of a text in any of the scripts that Intl writes numbers in. */
const digitsOf = (text: string): string =>
  [...text].flatMap((character) => (/\p{Nd}/u.test(character) ? [(character.codePointAt(0) ?? 0) & 15] : [])).join('');

describe.each(LANGUAGES)('an amount on the page in %s', (language) => {
  const lang = language === 'ar' ? 'ar-EG' : language;
  const locale = negotiateLocale(lang, undefined);

  it.each(CURRENCIES)('has the digits that are charged in %s, decimals included', async (currency) => {
    const amountMinor = 123_400;
    const text = formatMoney({ amountMinor, currency }, locale.tag);
    expect(digitsOf(text)).toBe(minorToDecimal(amountMinor, currency).replace('.', ''));
    const html = await payHtml({ ...(await readerOf(lang)), currency, amountMinor });
    // As the price, and on the button.
    expect(html.split(`>${text}</bdi>`)).toHaveLength(3);
  });
});
