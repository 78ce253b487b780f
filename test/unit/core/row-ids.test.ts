import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARD_ALPHABET, shardIndex } from '../../../src/core/ids.ts';
import { firstRowIdOf, lateRowIds, ROW_IDS_PER_MS, rowIdRange, rowIdSource } from '../../../src/core/row-ids.ts';

const BEGIN = Date.UTC(2026, 0, 1);
/** The last time at which all ids that are drawn for one row have their place, 2060-11-03. */
const LAST = BEGIN + 2 ** 40 - 8;

const shards = fc.constantFrom(...SHARD_ALPHABET);
const times = fc.integer({ min: BEGIN + 1, max: LAST });

/** The three parts of a row id, read from its bits. */
function partsOf(id: number) {
  const bits = BigInt(id);
  return {
    shard: Number(bits >> 47n),
    at: BEGIN + Number((bits >> 7n) & (2n ** 40n - 1n)),
    random: Number(bits & 127n),
  };
}

describe('Row ids', () => {
  it('hold the shard, the millisecond since 2026 and 7 random bits', () => {
    fc.assert(
      fc.property(shards, times, (shard, now) => {
        const [id] = rowIdSource()(shard, now);
        expect(partsOf(id)).toMatchObject({ shard: shardIndex(shard), at: now });
      }),
    );
  });

  it('are positive integers below 2^53, which doubles and JSON hold exactly', () => {
    fc.assert(
      fc.property(shards, fc.integer({ min: 0, max: LAST }), (shard, now) => {
        for (const id of rowIdSource()(shard, now)) {
          expect(Number.isSafeInteger(id)).toBe(true);
          expect(id).toBeGreaterThan(0);
          expect(JSON.parse(JSON.stringify(id))).toBe(id);
        }
      }),
    );
  });

  it('rise with time in one database, whoever draws them', () => {
    fc.assert(
      fc.property(shards, times, fc.integer({ min: 1, max: 10 ** 9 }), (shard, now, later) => {
        const [id] = rowIdSource()(shard, now);
        const [next] = rowIdSource()(shard, Math.min(LAST, now + later));
        if (now + later <= LAST) expect(next).toBeGreaterThan(id);
      }),
    );
  });

  it('follow a clock that goes back by more than a second', () => {
    const draw = rowIdSource();
    draw('0', LAST);
    expect(partsOf(draw('0', LAST - 2000)[0]).at).toBe(LAST - 2000);
  });

  it('of one source rise, also if the clock stands still or goes back a little', () => {
    fc.assert(
      fc.property(
        shards,
        fc.array(fc.integer({ min: BEGIN - 10, max: BEGIN + 10 }), { minLength: 2 }),
        (shard, clock) => {
          const draw = rowIdSource();
          const ids = clock.map((now) => draw(shard, now)[0]);
          expect(ids).toEqual([...new Set(ids)].toSorted((one, other) => one - other));
        },
      ),
    );
  });

  it('of two shards are never the same, at any time', () => {
    const drawn = [...SHARD_ALPHABET].flatMap((shard) => [BEGIN - 1, BEGIN, LAST].map((now) => ({ shard, now })));
    for (const { shard, now } of drawn) {
      for (const id of rowIdSource()(shard, now)) expect(partsOf(id).shard).toBe(shardIndex(shard));
    }
  });

  it('of sources that draw in the same millisecond are mostly different, and all 127 occur that are not for late rows', () => {
    const ids = Array.from({ length: 4000 }, () => rowIdSource()('0', BEGIN + 1000)[0]);
    const values = new Set(ids.map((id) => partsOf(id).random));
    expect(values.size).toBe(127);
    expect(values).not.toContain(127);
    expect(ids.every((id) => partsOf(id).at === BEGIN + 1000)).toBe(true);
  });

  it('begin with 2026 for a clock before 2026', () => {
    for (const now of [Number.MIN_SAFE_INTEGER, 0, BEGIN - 1, BEGIN]) {
      expect(partsOf(rowIdSource()('3', now)[0])).toMatchObject({ shard: 3, at: BEGIN + 1 });
    }
  });

  it('have seven more draws for a row, each in a later millisecond', () => {
    fc.assert(
      fc.property(shards, times, (shard, now) => {
        const drawn = rowIdSource()(shard, now);
        expect(drawn.map((id) => partsOf(id).at)).toEqual(Array.from({ length: 8 }, (_, index) => now + index));
      }),
    );
  });

  it('end where the bits of the time end, and never go on in the next shard', () => {
    const draw = rowIdSource();
    for (const now of [LAST + 1, BEGIN + 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      expect(() => draw('0', now)).toThrow(RangeError);
    }
    expect(partsOf(draw('0', BEGIN + 5)[0]).at).toBe(BEGIN + 5);
  });

  it('are of a shard', () => {
    expect(() => rowIdSource()('A', BEGIN)).toThrow(RangeError);
  });
});

describe('Row ids of a row that is written late', () => {
  const names = fc.string({ minLength: 1 });

  it('are of the second in which the row was created, and are those that no other row gets', () => {
    fc.assert(
      fc.property(shards, times, names, (shard, createdAt, name) => {
        if (createdAt > LAST - 1000) return;
        const ids = lateRowIds(shard, createdAt, name);
        expect(new Set(ids).size).toBe(8);
        for (const id of ids) {
          const { at, random, shard: shardOfId } = partsOf(id);
          expect({ random, shardOfId }).toEqual({ random: 127, shardOfId: shardIndex(shard) });
          expect(at).toBeGreaterThanOrEqual(createdAt);
          expect(at).toBeLessThan(createdAt + 1000);
        }
      }),
    );
    const draw = rowIdSource();
    const drawn = Array.from({ length: 1000 }, () => draw('0', BEGIN + 1000)).flat();
    expect(drawn.filter((id) => partsOf(id).random === 127)).toEqual([]);
  });

  it('are the same for the same session, and others for another one', () => {
    const [first] = lateRowIds('0', BEGIN + 5000, 'cs_test_1');
    expect(lateRowIds('0', BEGIN + 5000, 'cs_test_1')[0]).toBe(first);
    expect(lateRowIds('0', BEGIN + 5000, 'cs_test_2')[0]).not.toBe(first);
  });

  it('end in 2060', () => {
    expect(() => lateRowIds('0', LAST + 8, 'cs_test_1')).toThrow(RangeError);
  });
});

describe('The range of row ids of a range of time', () => {
  const any = fc.integer({ min: BEGIN - 10 ** 6, max: LAST - 1000 });
  const isIn = (id: number, { from, below }: ReturnType<typeof rowIdRange>) =>
    (from === null || id >= from) && (below === null || id < below);

  it('has every id of a row that was created in it', () => {
    fc.assert(
      fc.property(shards, any, fc.nat(3000), fc.nat(3000), (shard, createdAt, earlier, later) => {
        const range = rowIdRange(shard, { after: createdAt - earlier, before: createdAt + later + 1 });
        const draw = rowIdSource();
        // The clock was ahead and went back by a second.
        draw(shard, createdAt + 999);
        for (const id of [...draw(shard, createdAt), ...lateRowIds(shard, createdAt, 'cs_test_1')]) {
          expect(isIn(id, range)).toBe(true);
        }
      }),
    );
  });

  it('has no id of a row that was created earlier, or more than 1,008 ms later', () => {
    fc.assert(
      fc.property(shards, times, (shard, time) => {
        const [id] = rowIdSource()(shard, time);
        expect(isIn(id, rowIdRange(shard, { after: time + 1, before: null }))).toBe(false);
        expect(isIn(id, rowIdRange(shard, { after: time, before: null }))).toBe(true);
        if (time > BEGIN + 1100) expect(isIn(id, rowIdRange(shard, { after: null, before: time - 1007 }))).toBe(false);
        expect(isIn(id, rowIdRange(shard, { after: null, before: time + 1 }))).toBe(true);
      }),
    );
  });

  it('of times that no id can have is empty, or the whole shard', () => {
    const [first] = rowIdSource()('3', BEGIN);
    const [last] = rowIdSource()('3', LAST);
    const year0 = Date.parse('0000-01-01T00:00:00Z');
    const year9999 = Date.parse('9999-12-31T23:59:59Z');
    for (const id of [first, last]) {
      expect(isIn(id, rowIdRange('3', { after: year0, before: year9999 }))).toBe(true);
      expect(isIn(id, rowIdRange('3', { after: year9999, before: null }))).toBe(false);
      expect(isIn(id, rowIdRange('3', { after: null, before: null }))).toBe(true);
    }
    expect(isIn(last, rowIdRange('3', { after: null, before: year0 }))).toBe(false);
    for (const time of [year0, year9999]) {
      for (const bound of Object.values(rowIdRange('z', { after: time, before: time }))) {
        expect(Number.isSafeInteger(bound)).toBe(true);
      }
    }
  });
});

describe('The first id of a millisecond', () => {
  it('is not above the ids of this millisecond, and above all ids before, by as much as there are milliseconds', () => {
    fc.assert(
      fc.property(shards, times, fc.integer({ min: 1, max: 100_000 }), (shard, time, later) => {
        const [id] = rowIdSource()(shard, time);
        const first = firstRowIdOf(shard, time);
        expect(id - first).toBeGreaterThanOrEqual(0);
        expect(id - first).toBeLessThan(ROW_IDS_PER_MS);
        expect(firstRowIdOf(shard, time + later)).toBe(first + later * ROW_IDS_PER_MS);
      }),
    );
  });
});
