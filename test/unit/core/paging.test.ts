import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAfter, parsePaging } from '../../../src/core/paging.ts';

const rowId = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

function faultsOf(query: Parameters<typeof parsePaging>[0]): string[] {
  const parsed = parsePaging(query);
  if (parsed.ok) throw new Error(`${JSON.stringify(query)} was taken as ${JSON.stringify(parsed.page)}`);
  for (const { path, message } of parsed.faults) expect(message).toContain(path);
  return parsed.faults.map(({ path }) => path);
}

describe('a page of a list', () => {
  it('has 50 items from the first on, unless the query says otherwise', () => {
    expect(parsePaging({})).toEqual({ ok: true, page: { limit: 50, offset: 0, before: null } });
    expect(parsePaging({ limit: '1', offset: '0' })).toEqual({ ok: true, page: { limit: 1, offset: 0, before: null } });
    expect(parsePaging({ limit: '100', offset: '999999999999999' })).toEqual({
      ok: true,
      page: { limit: 100, offset: 999_999_999_999_999, before: null },
    });
    const cursor = cursorAfter(8123);
    expect(parsePaging({ cursor })).toEqual({ ok: true, page: { limit: 50, offset: 0, before: 8123 } });
  });

  const noInteger = [
    '',
    ' ',
    '-1',
    '-0',
    '+1',
    '1.0',
    '1.5',
    '1e1',
    '0x1',
    ' 1',
    '1 ',
    '1,000',
    '٥',
    '１',
    'NaN',
    'ten',
  ];
  it.each([...noInteger, '0', '101', '1000', '9'.repeat(400)])('refuses the limit %j', (limit) => {
    expect(faultsOf({ limit })).toEqual(['limit']);
  });

  it.each([...noInteger, '9'.repeat(16), '9'.repeat(400)])('refuses the offset %j', (offset) => {
    expect(faultsOf({ offset })).toEqual(['offset']);
  });

  it('refuses a cursor beside an offset, even beside 0', () => {
    for (const offset of ['0', '50']) expect(faultsOf({ cursor: cursorAfter(1), offset })).toEqual(['cursor']);
  });

  it('lists all faults at once', () => {
    expect(new Set(faultsOf({ limit: '0', offset: 'x', cursor: 'x' }))).toEqual(new Set(['limit', 'offset', 'cursor']));
  });
});

describe('a cursor', () => {
  it('names the row it was made after', () => {
    fc.assert(
      fc.property(rowId, (id) => {
        expect(parsePaging({ cursor: cursorAfter(id) })).toMatchObject({ ok: true, page: { before: id } });
      }),
    );
  });

  it('is safe in a query as it stands', () => {
    fc.assert(
      fc.property(rowId, (id) => {
        expect(encodeURIComponent(cursorAfter(id))).toBe(cursorAfter(id));
      }),
    );
  });

  it.each([
    '',
    ' ',
    'c',
    'c0',
    'c1',
    '1',
    '8123',
    'null',
    '-1',
    "' OR 1=1 --",
    'lnk_00000000000000000000',
    'c'.repeat(10_000),
  ])('is not %j', (cursor) => {
    expect(faultsOf({ cursor })).toEqual(['cursor']);
  });

  it('is refused when it was altered by one character, cut off or drawn out', () => {
    fc.assert(
      fc.property(rowId, fc.nat(), fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'), (id, at, other) => {
        const cursor = cursorAfter(id);
        const index = at % cursor.length;
        fc.pre(cursor[index] !== other);
        expect(faultsOf({ cursor: cursor.slice(0, index) + other + cursor.slice(index + 1) })).toEqual(['cursor']);
        expect(faultsOf({ cursor: cursor.slice(0, index) })).toEqual(['cursor']);
        expect(faultsOf({ cursor: cursor.toUpperCase() })).toEqual(['cursor']);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('has one spelling', () => {
    expect(faultsOf({ cursor: ` ${cursorAfter(1)}` })).toEqual(['cursor']);
    expect(faultsOf({ cursor: `${cursorAfter(1)}\n` })).toEqual(['cursor']);
    expect(faultsOf({ cursor: cursorAfter(1).replace('c', 'c0') })).toEqual(['cursor']);
  });
});
