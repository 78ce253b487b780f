import CRC32 from 'crc-32';
import { shardIndex } from './ids.ts';
import type { TimeRange } from './rfc3339.ts';

// A row id has 53 bits, so that a double and JSON hold it exactly. From the highest on: 6 bits for the shard, 40 for
// milliseconds since 2026-01-01, 7 random ones. The last of the 128 random values is only for rows that are written late.
/** How many row ids a millisecond has. */
export const ROW_IDS_PER_MS = 2 ** 7;
const LATE_VALUE = ROW_IDS_PER_MS - 1;
const IDS_PER_SHARD = 2 ** 40 * ROW_IDS_PER_MS;
const BEGIN = Date.UTC(2026, 0, 1);
/** How many more ids are drawn for a row, for the case that others have the ids before. */
const MORE_DRAWS = 7;
const SECOND_MS = 1000;
/** How far ids may run ahead of the clock so that they rise: a second. If the clock goes back by more, ids do too. */
const MOST_AHEAD = SECOND_MS * ROW_IDS_PER_MS;
/** How much later than its row's creation the time in an id is at most. */
const MOST_AHEAD_MS = SECOND_MS + MORE_DRAWS;

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
    const first = last >= drawn && last - drawn < MOST_AHEAD ? idAfter(last) : drawn;
    const more = Array.from({ length: MORE_DRAWS }, (_, index) => drawIn(millisecondOf(first) + 1 + index));
    if (more.some((id) => id >= IDS_PER_SHARD)) throw endOf(now);
    last = first;
    return [shardBegin + first, ...more.map((id) => shardBegin + id)];
  };
}

/**
 * Ids for a row that is written long after `createdAt` (unix ms, a whole second): the payment of a session that was lost
 * here and found at Stripe. They lie in the second of `createdAt`, so that lists by id have the row in its place.
 * `rowIdSource` never draws them, and the same `name` (of the session) gets the same ids. So after the database was restored
 * to an earlier day, no row gets an id that another one had. Throws RangeError for a time after 2060-11-03.
 */
export function lateRowIds(shard: string, createdAt: number, name: string): readonly [number, ...number[]] {
  const shardBegin = shardIndex(shard) * IDS_PER_SHARD;
  const place = CRC32.str(name) >>> 0;
  const step = SECOND_MS / (MORE_DRAWS + 1);
  const idAt = (index: number) => {
    const millisecond = Math.max(1, createdAt - BEGIN) + ((place + index * step) % SECOND_MS);
    return millisecond * ROW_IDS_PER_MS + LATE_VALUE;
  };
  const more = Array.from({ length: MORE_DRAWS }, (_, index) => idAt(index + 1));
  if ([idAt(0), ...more].some((id) => id >= IDS_PER_SHARD)) throw endOf(createdAt);
  return [shardBegin + idAt(0), ...more.map((id) => shardBegin + id)];
}

const ROW_ID = /^[1-9]\d{0,15}$/;

/** Reads the id of a database row from text. Returns 0, which no row has, for text that is no positive safe integer. */
export function parseRowId(text: string): number {
  const id = ROW_ID.test(text) ? Number(text) : 0;
  return Number.isSafeInteger(id) ? id : 0;
}

/** A range of row ids: `from` is the first, `below` follows the last one. null: no limit on this side. */
export interface RowIdRange {
  readonly from: number | null;
  readonly below: number | null;
}

/**
 * The ids of a shard's rows that were created in a range of time (unix ms). The time in an id can be up to 1,007 ms later
 * than that of the row, so a range that ends also has ids of rows that were created after its end: compare their times too.
 */
export function rowIdRange(shard: string, { after, before }: TimeRange): RowIdRange {
  const shardBegin = shardIndex(shard) * IDS_PER_SHARD;
  const firstIdOf = (millisecond: number) =>
    shardBegin + Math.min(Math.max(millisecond, 0) * ROW_IDS_PER_MS, IDS_PER_SHARD);
  return {
    from: after === null ? null : firstIdOf(after - BEGIN),
    // A row from before 2026 has an id of millisecond 1.
    below: before === null ? null : firstIdOf(Math.max(before - 1 - BEGIN, 1) + MOST_AHEAD_MS + 1),
  };
}

/**
 * The first id of a millisecond (unix ms) in a shard. Ids of later milliseconds are higher by `ROW_IDS_PER_MS` each. The time in
 * an id is that of its row's creation, or up to 1,007 ms later. A time before 2026 gives an id below all of the shard.
 */
export function firstRowIdOf(shard: string, ms: number): number {
  return shardIndex(shard) * IDS_PER_SHARD + (ms - BEGIN) * ROW_IDS_PER_MS;
}

/** A random id among those of a millisecond after 2026-01-01, without the bits of the shard. */
function drawIn(millisecond: number): number {
  const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
  return millisecond * ROW_IDS_PER_MS + (random % LATE_VALUE);
}

/** The id that follows, without those of rows that are written late. */
function idAfter(id: number): number {
  const next = id + 1;
  return next % ROW_IDS_PER_MS === LATE_VALUE ? next + 1 : next;
}

function millisecondOf(id: number): number {
  return Math.floor(id / ROW_IDS_PER_MS);
}

function endOf(time: number): RangeError {
  return new RangeError(`Row ids end in 2060, and the time is ${time}.`);
}
