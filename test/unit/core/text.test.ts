import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasVisibleText, nameFault, searchKey, textFault, visibleOrNull } from '../../../src/core/text.ts';

const line = { max: 250, lineBreaks: false };
const block = { max: 2000, lineBreaks: true };
const codePoints = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a text for buyers', () => {
  it('is counted in code points', () => {
    for (const character of ['a', 'é', '漢', '\u{1F600}', '\u{10FFFD}']) {
      expect(textFault(character.repeat(250), line)).toBeNull();
      expect(textFault(character.repeat(251), line)).toContain('250');
      expect(textFault(character.repeat(2000), block)).toBeNull();
      expect(textFault(character.repeat(2001), block)).toContain('2000');
    }
  });

  it('may have line breaks where it is a block, and only there', () => {
    for (const lineBreak of ['\n', '\r', '\r\n', '\u2028', '\u2029']) {
      const text = `one${lineBreak}two`;
      expect(textFault(text, block)).toBeNull();
      expect(textFault(text, line)).not.toBeNull();
    }
  });

  it('has no other control character', () => {
    const controls = [...codePoints(0, 0x1f), ...codePoints(0x7f, 0x9f)].filter((code) => code !== 10 && code !== 13);
    expect(controls).toHaveLength(63);
    for (const code of controls) {
      const text = `a${String.fromCodePoint(code)}b`;
      expect([code, textFault(text, line), textFault(text, block)]).toEqual([
        code,
        expect.stringContaining('control'),
        expect.stringContaining('control'),
      ]);
    }
  });

  it('has nothing that embeds, overrides or isolates its direction', () => {
    for (const code of [...codePoints(0x202a, 0x202e), ...codePoints(0x2066, 0x2069)]) {
      const text = `invoice${String.fromCodePoint(code)}fdp.exe`;
      expect([code, textFault(text, line)]).toEqual([code, expect.stringContaining('direction')]);
      expect(textFault(text, block)).toEqual(expect.stringContaining('direction'));
    }
  });

  it.each([
    'Ставка',
    'عربون الاستوديو',
    'פיקדון \u200f(50%)',
    'می\u200cخواهم',
    '👩\u200d🎨 fee',
    'スタジオの手付金',
    '"><img onerror=x>',
    '</title>',
  ])('may be %j', (text) => {
    expect(textFault(text, line)).toBeNull();
    expect(hasVisibleText(text)).toBe(true);
  });
});

describe('a name that buyers see', () => {
  it('is one line with something to see, and without direction characters', () => {
    for (const name of ['Northlight', ' Café ', 'عربون', 'x'.repeat(250)]) expect(nameFault(name, 250)).toBeNull();
    for (const name of ['', '\u200b', 'a\nb', 'a\u202eb', 'a\u0000', 'x'.repeat(251)]) {
      expect([name, nameFault(name, 250)]).toEqual([name, expect.stringMatching(/^must /)]);
    }
  });

  it('that is optional is absent where nothing of it can be seen', () => {
    expect(['a', ' a ', '', ' ', '\u200b', null].map(visibleOrNull)).toEqual(['a', ' a ', null, null, null, null]);
  });
});

describe('a visible text', () => {
  it.each([
    ...[
      '',
      ' ',
      '\u00a0',
      '\u2003\u3000',
      '\t\n',
      '\u200b',
      '\u200c\u200d',
      '\ufeff',
      '\u2060',
      '\u00ad',
      '\u200e\u200f',
    ],
    ...[
      '\u3164',
      '\uffa0',
      '\u115f\u1160',
      '\u2800',
      '\u{1d159}',
      '\u180e',
      '\u034f',
      '\u0301',
      '\ufe0f',
      '\u{E0020}',
      '\u0000',
      ' \u200b \u3164 ',
    ],
  ])('is not %j', (text) => {
    expect(hasVisibleText(text)).toBe(false);
  });

  it.each(['a', '0', '.', '€', '漢', '\u{1F600}', ' \u200ba', '\u3164x', 'e\u0301', '1️⃣'])('is %j', (text) => {
    expect(hasVisibleText(text)).toBe(true);
  });

  it('stays visible whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        expect(hasVisibleText(`${before}x${after}`)).toBe(true);
      }),
    );
  });
});

describe('searchKey', () => {
  it.each([
    ['Spring Fair', 'sPRING fAIR'],
    ['Ölwechsel', 'ölWECHSEL'],
    ['Straße', 'STRASSE'],
    // Of the last letter, lower case has two forms.
    ['οδος', 'ΟΔΟΣ'],
    ['Весна', 'ВЕСНА'],
    // One code point, and two.
    ['\u00e9t\u00e9', 'E\u0301TE\u0301'],
    ['  Ticket\t', 'ticket'],
  ])('is the same for %j and %j', (one, other) => {
    expect(searchKey(one)).toBe(searchKey(other));
  });

  it.each([
    ['resume', 'résumé'],
    ['a b', 'ab'],
    ['', 'a'],
  ])('is another one for %j and %j', (one, other) => {
    expect(searchKey(one)).not.toBe(searchKey(other));
  });

  it('of the beginning of a text is the beginning of the key of the text', () => {
    const word = fc.string({ unit: fc.constantFrom(...'aZäÖßσςΣşİıжЖ 1漢😀') });
    fc.assert(
      fc.property(word, word, (beginning, rest) => {
        expect(searchKey(beginning + rest).startsWith(searchKey(beginning))).toBe(true);
      }),
    );
  });
});
