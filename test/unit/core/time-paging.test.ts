import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cursorAfter } from '../../../src/core/paging.ts';
import { parseTimePaging, timeCursorAfter, timePageOf } from '../../../src/core/time-paging.ts';

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const place = fc.record({
  createdAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  id: fc
    .tuple(fc.constantFrom('evt', 'dlv', 'we'), fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 60 }))
    .map(([prefix, letters]) => `${prefix}_${letters.join('')}`),
});

function faultsOf(query: Parameters<typeof parseTimePaging>[0]): string[] {
  const parsed = parseTimePaging(query);
  if (parsed.ok) throw new Error(`${JSON.stringify(query)} was taken as ${JSON.stringify(parsed.page)}`);
  return parsed.faults.map(({ path }) => path);
}

describe('a page of a list by time', () => {
  it('has 50 items from the first on, unless the query says otherwise', () => {
    expect(parseTimePaging({})).toEqual({ ok: true, page: { limit: 50, offset: 0, before: null } });
    expect(parseTimePaging({ limit: '100', offset: '7' })).toEqual({
      ok: true,
      page: { limit: 100, offset: 7, before: null },
    });
  });

  it('is refused with all its faults', () => {
    expect(faultsOf({ limit: '101', offset: '-1', cursor: 'x' })).toEqual(['limit', 'offset', 'cursor', 'cursor']);
    const cursor = timeCursorAfter({ createdAt: 1, id: 'evt_01' });
    expect(faultsOf({ cursor, offset: '0' })).toEqual(['cursor']);
  });

  it('has as many rows as were asked for, and says whether there is one more', () => {
    const rows = [3, 2, 1].map((createdAt) => ({ createdAt, id: `evt_0${createdAt}` }));
    expect(timePageOf(rows, 2)).toEqual({ items: rows.slice(0, 2), hasMore: true, last: rows[1] });
    expect(timePageOf(rows, 3)).toEqual({ items: rows, hasMore: false, last: rows[2] });
    expect(timePageOf([], 3)).toEqual({ items: [], hasMore: false, last: null });
  });
});

describe('a cursor of a list by time', () => {
  it('names the row it was made after, and is safe in a query as it stands', () => {
    fc.assert(
      fc.property(place, (row) => {
        const cursor = timeCursorAfter(row);
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(parseTimePaging({ cursor })).toEqual({ ok: true, page: { limit: 50, offset: 0, before: row } });
      }),
    );
  });

  it('is refused when it was altered by one character, cut off or drawn out', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom(...LETTERS), (row, at, other) => {
        const cursor = timeCursorAfter(row);
        const index = at % cursor.length;
        fc.pre(cursor[index] !== other);
        expect(faultsOf({ cursor: cursor.slice(0, index) + other + cursor.slice(index + 1) })).toEqual(['cursor']);
        expect(faultsOf({ cursor: cursor.slice(0, index) })).toEqual(['cursor']);
        expect(faultsOf({ cursor: `${cursor}${other}` })).toEqual(['cursor']);
        expect(faultsOf({ cursor: cursor.toUpperCase() })).toEqual(['cursor']);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it.each(['', ' ', 't', 't0', 't0-evt_01', "t0-evt_01' OR 1=1-0000", 't'.repeat(10_000), cursorAfter(8123)])(
    'is not %j',
    (cursor) => {
      expect(faultsOf({ cursor })).toEqual(['cursor']);
    },
  );

  it('has one spelling', () => {
    const cursor = timeCursorAfter({ createdAt: 35, id: 'evt_01' });
    for (const other of [` ${cursor}`, `${cursor}\n`, cursor.replace('tz', 't0z')]) {
      expect(faultsOf({ cursor: other })).toEqual(['cursor']);
    }
  });
});
