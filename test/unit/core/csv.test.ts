import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CSV_BEGIN, type CsvCell, csvRow } from '../../../src/core/csv.ts';
import { parseCsv } from '../../support/csv.ts';

/** Texts of the characters that CSV and spreadsheets treat in a special way, and of others. */
const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...',;"\'=+-@\t\r\n ＝', '\r\n', 'ü', '漢', '\u{1F600}'),
    fc.string({ minLength: 1, maxLength: 1 }),
  ),
});
const rows = fc.array(fc.array(text, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 4 });
const isComputed = (cell: string) => /^"*[=+\-@＝＋－＠]/.test(cell) || /^[\t\r]/.test(cell);
/** What a spreadsheet makes cells of that splits at semicolons, tabs or lines. */
const pieces = (cell: string) => cell.split(/[;\t\r\n]/);
const withoutApostrophes = (cell: string) => cell.replaceAll("'", '');

describe('a row of CSV', () => {
  it('ends with CRLF, and quotes only what needs quotes', () => {
    expect(csvRow(['a', 'b, c', 'say "hi"', 'two\nlines', '', null, 12, 0.5])).toBe(
      'a,"b, c","say ""hi""","two\nlines",,,12,0.5\r\n',
    );
  });

  it('is read back as it was written, whatever its texts', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        const read = parseCsv(cells.map(csvRow).join(''));
        const plain = (found: string[][]) => found.map((row) => row.map(withoutApostrophes));
        expect(plain(read)).toEqual(plain(cells));
      }),
    );
  });

  it('keeps every text that no spreadsheet computes to the letter', () => {
    const harmless = text.filter((cell) => ![cell, ...pieces(cell)].some(isComputed));
    fc.assert(
      fc.property(harmless, harmless, (one, other) => {
        expect(parseCsv(csvRow([one, other]))).toEqual([[one, other]]);
      }),
    );
  });

  it('has no text that a spreadsheet computes, also where it splits the text again', () => {
    fc.assert(
      fc.property(rows, (cells) => {
        const read = parseCsv(cells.map(csvRow).join('')).flat();
        expect([...read, ...read.flatMap(pieces)].filter(isComputed)).toEqual([]);
      }),
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+44 20', "'+44 20"],
    ['-5', "'-5"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t'=1"],
    ['\r=1', "'\r'=1"],
    ['tea;=1', "tea;'=1"],
    ['tea;"=1', 'tea;\'"=1'],
    ['＝1', "'＝1"],
    ["it's - fine @home", "it's - fine @home"],
    ['a=b', 'a=b'],
  ])('makes %j harmless as %j', (cell, expected) => {
    expect(parseCsv(csvRow([cell]))).toEqual([[expected]]);
  });

  it('leaves our own numbers as numbers, also negative ones', () => {
    const numbers: CsvCell[] = [-5, 0, 4999, Number.MAX_SAFE_INTEGER];
    expect(csvRow(numbers)).toBe('-5,0,4999,9007199254740991\r\n');
  });
});

it('a CSV file begins with the byte order mark of UTF-8', () => {
  expect([...new TextEncoder().encode(CSV_BEGIN)]).toEqual([0xef, 0xbb, 0xbf]);
});
