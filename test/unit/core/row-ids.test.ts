import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SHARD_ALPHABET, shardIndex } from '../../../src/core/ids.ts';
import { rowIdSource } from '../../../src/core/row-ids.ts';

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

  it('of sources that draw in the same millisecond are mostly different, and all 128 occur', () => {
    const ids = Array.from({ length: 4000 }, () => rowIdSource()('0', BEGIN + 1000)[0]);
    expect(new Set(ids.map((id) => partsOf(id).random)).size).toBe(128);
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
