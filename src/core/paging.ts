import CRC32 from 'crc-32';

/** A request for one page of a list, newest first. `before`: only rows older than this place; null: from the newest on. */
export interface PageRequest<Place> {
  readonly limit: number;
  readonly offset: number;
  readonly before: Place | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the page that follows; null at the end of the list. */
  readonly nextCursor: string | null;
}

/** A row's place in a list that is ordered by time, and by id where the times are equal. `createdAt`: unix ms. */
export interface TimePlace {
  readonly createdAt: number;
  readonly id: string;
}

/** A request for a page of a list that is ordered by row id. */
export type RowPageRequest = PageRequest<number>;
export type TimePageRequest = PageRequest<TimePlace>;

/** A page of rows that were read with the limit `limit + 1`. `cursorOf`: the cursor of the page that begins after a row. */
export function pageOf<T>(rows: readonly T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

const ROW_CURSOR = /^c([0-9a-z]{1,11})[0-9a-z]{4}$/;
const TIME_CURSOR = /^t([0-9a-z]{1,11})-([a-z]{2,4}_[0-9A-Za-z]{1,80})-[0-9a-z]{4}$/;

/** The cursor of the page that begins after a row id: opaque to callers. */
export function rowCursor(rowId: number): string {
  const digits = rowId.toString(36);
  return `c${digits}${checksum(digits)}`;
}

/** The row id after which the cursor's page begins; null for text that is no cursor of a list by row id. */
export function parseRowCursor(cursor: string): number | null {
  const digits = ROW_CURSOR.exec(cursor)?.[1];
  const id = digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  return Number.isSafeInteger(id) && rowCursor(id) === cursor ? id : null;
}

/** The cursor of the page that begins after a row of a list by time: opaque to callers, safe in a URL's query as it is. */
export function timeCursor({ createdAt, id }: TimePlace): string {
  const place = `${createdAt.toString(36)}-${id}`;
  return `t${place}-${checksum(place)}`;
}

/** The place after which the cursor's page begins; null for text that is no cursor of a list by time. */
export function parseTimeCursor(cursor: string): TimePlace | null {
  const [, time, id] = TIME_CURSOR.exec(cursor) ?? [];
  if (time === undefined || id === undefined) return null;
  const place = { createdAt: Number.parseInt(time, 36), id };
  return Number.isSafeInteger(place.createdAt) && timeCursor(place) === cursor ? place : null;
}

/** Detects a cursor that was cut off or changed and would name another row. It keeps nothing secret. */
function checksum(text: string): string {
  return (CRC32.str(text) >>> 0).toString(36).padStart(4, '0').slice(-4);
}
