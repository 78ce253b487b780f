import CRC32 from 'crc-32';

/** Asks for one page of a list that runs from the newest row to the oldest. `before`: only rows behind this place. */
export interface PageRequest<Place> {
  readonly limit: number;
  readonly offset: number;
  readonly before: Place | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Goes on after the last item; null at the end of the list. */
  readonly nextCursor: string | null;
}

/** A row's place in a list by time: rows of one moment are ordered by their id. `createdAt`: unix ms. */
export interface TimePlace {
  readonly createdAt: number;
  readonly id: string;
}

/** Of a list by row id. */
export type RowPageRequest = PageRequest<number>;
export type TimePageRequest = PageRequest<TimePlace>;

/** A page of rows that were read with one more than `limit`. `cursorOf`: the cursor that goes on after a row. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** A page whose items are shown in another way. */
export function mapPage<T, U>(page: Page<T>, change: (item: T) => U): Page<U> {
  return { items: page.items.map(change), nextCursor: page.nextCursor };
}

const ROW_CURSOR = /^c([0-9a-z]{1,11})[0-9a-z]{4}$/;
const TIME_CURSOR = /^t([0-9a-z]{1,11})-([a-z]{2,4}_[0-9A-Za-z]{1,80})-[0-9a-z]{4}$/;

/** The cursor that goes on after a row id: opaque to callers. */
export function rowCursor(rowId: number): string {
  const digits = rowId.toString(36);
  return `c${digits}${checksum(digits)}`;
}

/** The row id that a cursor goes on after; null for what is no cursor of a list by row id. */
export function parseRowCursor(cursor: string): number | null {
  const digits = ROW_CURSOR.exec(cursor)?.[1];
  const id = digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  return Number.isSafeInteger(id) && rowCursor(id) === cursor ? id : null;
}

/** The cursor that goes on after a row of a list by time: opaque to callers, safe in a query as it stands. */
export function timeCursor({ createdAt, id }: TimePlace): string {
  const place = `${createdAt.toString(36)}-${id}`;
  return `t${place}-${checksum(place)}`;
}

/** The place that a cursor goes on after; null for what is no cursor of a list by time. */
export function parseTimeCursor(cursor: string): TimePlace | null {
  const [, time, id] = TIME_CURSOR.exec(cursor) ?? [];
  if (time === undefined || id === undefined) return null;
  const place = { createdAt: Number.parseInt(time, 36), id };
  return Number.isSafeInteger(place.createdAt) && timeCursor(place) === cursor ? place : null;
}

/** No secret: it keeps a cursor that was cut off or altered from silently naming another row. */
function checksum(text: string): string {
  return (CRC32.str(text) >>> 0).toString(36).padStart(4, '0').slice(-4);
}
