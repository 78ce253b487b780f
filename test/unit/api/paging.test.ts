import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pageOf, parseRowCursor, parseTimeCursor, rowCursor, timeCursor } from '../../../src/core/paging.ts';
import { listQuery, pageRequestOf, timeFilters, timeRangeOf } from '../../../src/http/api/paging.ts';

type Query = Readonly<Record<string, string>>;

/** A list's query as its route reads it: the page it asks for, or all its faults. */
function parse<Place>(parseCursor: (text: string) => Place | null, query: Query) {
  const { data, error } = listQuery(parseCursor, {}).safeParse(query);
  if (data) return { ok: true as const, page: pageRequestOf<Place>(data) };
  const faults = error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) ?? [];
  return { ok: false as const, faults };
}

const parsePaging = (query: Query) => parse(parseRowCursor, query);
const parseTimePaging = (query: Query) => parse(parseTimeCursor, query);

const rowId = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

function rowFaultsOf(query: Query): string[] {
  const parsed = parsePaging(query);
  if (parsed.ok) throw new Error(`${JSON.stringify(query)} was taken as ${JSON.stringify(parsed.page)}`);
  for (const { path, message } of parsed.faults) expect(message).toContain(path);
  return parsed.faults.map(({ path }) => path);
}

describe('a page of a list', () => {
  it('has 50 items from the first on, unless the query says otherwise', () => {
    expect(parsePaging({})).toEqual({ ok: true, page: { limit: 50, offset: 0, before: null } });
    expect(parsePaging({ limit: '1', offset: '0' })).toEqual({ ok: true, page: { limit: 1, offset: 0, before: null } });
    expect(parsePaging({ limit: '100', offset: '100000' })).toEqual({
      ok: true,
      page: { limit: 100, offset: 100_000, before: null },
    });
    const cursor = rowCursor(8123);
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
    expect(rowFaultsOf({ limit })).toEqual(['limit']);
  });

  it.each([...noInteger, '100001', '9'.repeat(16), '9'.repeat(400)])('refuses the offset %j', (offset) => {
    expect(rowFaultsOf({ offset })).toEqual(['offset']);
  });

  it('refuses a cursor beside an offset, even beside 0', () => {
    for (const offset of ['0', '50']) expect(rowFaultsOf({ cursor: rowCursor(1), offset })).toEqual(['cursor']);
  });

  it('lists all faults at once', () => {
    expect(new Set(rowFaultsOf({ limit: '0', offset: 'x', cursor: 'x' }))).toEqual(
      new Set(['limit', 'offset', 'cursor']),
    );
  });
});

describe('a cursor', () => {
  it('names the row it was made after', () => {
    fc.assert(
      fc.property(rowId, (id) => {
        expect(parsePaging({ cursor: rowCursor(id) })).toMatchObject({ ok: true, page: { before: id } });
      }),
    );
  });

  it('is safe in a query as it stands', () => {
    fc.assert(
      fc.property(rowId, (id) => {
        expect(encodeURIComponent(rowCursor(id))).toBe(rowCursor(id));
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
    expect(rowFaultsOf({ cursor })).toEqual(['cursor']);
  });

  it('is refused when it was altered by one character, cut off or drawn out', () => {
    fc.assert(
      fc.property(rowId, fc.nat(), fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'), (id, at, other) => {
        const cursor = rowCursor(id);
        const index = at % cursor.length;
        fc.pre(cursor[index] !== other);
        expect(rowFaultsOf({ cursor: cursor.slice(0, index) + other + cursor.slice(index + 1) })).toEqual(['cursor']);
        expect(rowFaultsOf({ cursor: cursor.slice(0, index) })).toEqual(['cursor']);
        expect(rowFaultsOf({ cursor: cursor.toUpperCase() })).toEqual(['cursor']);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('has one spelling', () => {
    expect(rowFaultsOf({ cursor: ` ${rowCursor(1)}` })).toEqual(['cursor']);
    expect(rowFaultsOf({ cursor: `${rowCursor(1)}\n` })).toEqual(['cursor']);
    expect(rowFaultsOf({ cursor: rowCursor(1).replace('c', 'c0') })).toEqual(['cursor']);
  });
});

const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';
const place = fc.record({
  createdAt: fc.integer({ min: 0, max: 8_640_000_000_000_000 }),
  id: fc
    .tuple(fc.constantFrom('evt', 'dlv', 'we'), fc.array(fc.constantFrom(...LETTERS), { minLength: 1, maxLength: 60 }))
    .map(([prefix, letters]) => `${prefix}_${letters.join('')}`),
});

function timeFaultsOf(query: Query): string[] {
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
    expect(timeFaultsOf({ limit: '101', offset: '-1', cursor: 'x' })).toEqual(['limit', 'offset', 'cursor', 'cursor']);
    const cursor = timeCursor({ createdAt: 1, id: 'evt_01' });
    expect(timeFaultsOf({ cursor, offset: '0' })).toEqual(['cursor']);
  });

  it('has as many rows as were asked for, and a cursor where there is one more', () => {
    const rows = [3, 2, 1].map((createdAt) => ({ createdAt, id: `evt_0${createdAt}` }));
    const second = timeCursor({ createdAt: 2, id: 'evt_02' });
    expect(pageOf(rows, 2, timeCursor)).toEqual({ items: rows.slice(0, 2), nextCursor: second });
    expect(pageOf(rows, 3, timeCursor)).toEqual({ items: rows, nextCursor: null });
    expect(pageOf([], 3, timeCursor)).toEqual({ items: [], nextCursor: null });
  });
});

describe('a cursor of a list by time', () => {
  it('names the row it was made after, and is safe in a query as it stands', () => {
    fc.assert(
      fc.property(place, (row) => {
        const cursor = timeCursor(row);
        expect(encodeURIComponent(cursor)).toBe(cursor);
        expect(parseTimePaging({ cursor })).toEqual({ ok: true, page: { limit: 50, offset: 0, before: row } });
      }),
    );
  });

  it('is refused when it was altered by one character, cut off or drawn out', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom(...LETTERS), (row, at, other) => {
        const cursor = timeCursor(row);
        const index = at % cursor.length;
        fc.pre(cursor[index] !== other);
        expect(timeFaultsOf({ cursor: cursor.slice(0, index) + other + cursor.slice(index + 1) })).toEqual(['cursor']);
        expect(timeFaultsOf({ cursor: cursor.slice(0, index) })).toEqual(['cursor']);
        expect(timeFaultsOf({ cursor: `${cursor}${other}` })).toEqual(['cursor']);
        expect(timeFaultsOf({ cursor: cursor.toUpperCase() })).toEqual(['cursor']);
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it.each(['', ' ', 't', 't0', 't0-evt_01', "t0-evt_01' OR 1=1-0000", 't'.repeat(10_000), rowCursor(8123)])(
    'is not %j',
    (cursor) => {
      expect(timeFaultsOf({ cursor })).toEqual(['cursor']);
    },
  );

  it('has one spelling', () => {
    const cursor = timeCursor({ createdAt: 35, id: 'evt_01' });
    for (const other of [` ${cursor}`, `${cursor}\n`, cursor.replace('tz', 't0z')]) {
      expect(timeFaultsOf({ cursor: other })).toEqual(['cursor']);
    }
  });
});

describe('a range of times', () => {
  const parseRange = (query: Query) => listQuery(parseRowCursor, timeFilters).safeParse(query);

  it('is open where nothing is said', () => {
    expect(timeRangeOf({})).toEqual({ after: null, before: null });
    const { data } = parseRange({ created_after: '2026-05-19T18:04:11Z' });
    expect(data && timeRangeOf(data)).toEqual({ after: Date.UTC(2026, 4, 19, 18, 4, 11), before: null });
  });

  it('is refused with both its faults', () => {
    const { error } = parseRange({ created_after: '', created_before: 'x' });
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual(['created_after', 'created_before']);
    for (const { path, message } of error?.issues ?? []) expect(message).toContain(path.join('.'));
  });
});
