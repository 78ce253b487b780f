import { shardIndex } from './ids.ts';

// A row id has 53 bits, so that a double and JSON hold it exactly. From the highest on: 6 bits for the shard, 40 for
// milliseconds since 2026-01-01, 7 random ones.
const RANDOM_VALUES = 2 ** 7;
const IDS_PER_SHARD = 2 ** 40 * RANDOM_VALUES;
const BEGIN = Date.UTC(2026, 0, 1);
/** How many more ids are drawn for a row, for the case that others have the ids before. */
const MORE_DRAWS = 7;
/** How far ids may run ahead of the clock so that they rise: a second. If the clock goes back by more, ids do too. */
const MOST_AHEAD = 1000 * RANDOM_VALUES;

/**
 * Draws ids for one new row. The row gets the first one that no other row of its table has. `shard`: the character of
 * the row's database. `now`: unix ms; a clock before 2026 counts as 2026. Throws RangeError for a time after
 * 2060-11-03, when the bits for the time are used up.
 */
export type DrawRowIds = (shard: string, now: number) => readonly [number, ...number[]];

/**
 * Makes a function that draws row ids. The first ids that it draws rise, also within one millisecond, and also if the
 * clock goes back by less than a second. Further ids of a row are of the milliseconds that follow the first one.
 */
export function rowIdSource(): DrawRowIds {
  let last = 0;
  return (shard, now) => {
    const shardBegin = shardIndex(shard) * IDS_PER_SHARD;
    // From millisecond 1 on: no row has the id 0.
    const drawn = drawIn(Math.max(1, now - BEGIN));
    const first = last >= drawn && last - drawn < MOST_AHEAD ? last + 1 : drawn;
    const more = Array.from({ length: MORE_DRAWS }, (_, index) => drawIn(millisecondOf(first) + 1 + index));
    if (more.some((id) => id >= IDS_PER_SHARD)) throw new RangeError(`Row ids end in 2060, and the time is ${now}.`);
    last = first;
    return [shardBegin + first, ...more.map((id) => shardBegin + id)];
  };
}

/** A random id among those of a millisecond after 2026-01-01, without the bits of the shard. */
function drawIn(millisecond: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
  return millisecond * RANDOM_VALUES + (random % RANDOM_VALUES);
}

function millisecondOf(id: number): number {
  return Math.floor(id / RANDOM_VALUES);
}
