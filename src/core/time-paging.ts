import { cursorChecksum, type PageRequestOf, type PagingQuery, type ParsedPage, parsePagingBy } from './paging.ts';

/** A row's place in a list by time: rows of one moment are ordered by their id. `createdAt`: unix ms. */
export interface TimePlace {
  readonly createdAt: number;
  readonly id: string;
}

/** A page of a list by time, newest first. `before`: only rows behind this one. */
export type TimePageRequest = PageRequestOf<TimePlace>;

export interface TimePage<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
  /** The place of the last item, from which the next cursor is made. */
  readonly last: TimePlace | null;
}

const CURSOR = /^t([0-9a-z]{1,11})-([a-z]{2,4}_[0-9A-Za-z]{1,80})-[0-9a-z]{4}$/;

/** The cursor that goes on after a row with a text id: opaque to callers, safe in a query as it stands. */
export function timeCursorAfter({ createdAt, id }: TimePlace): string {
  const place = `${createdAt.toString(36)}-${id}`;
  return `t${place}-${cursorChecksum(place)}`;
}

function placeOf(cursor: string): TimePlace | null {
  const [, time, id] = CURSOR.exec(cursor) ?? [];
  if (time === undefined || id === undefined) return null;
  const place = { createdAt: Number.parseInt(time, 36), id };
  return Number.isSafeInteger(place.createdAt) && timeCursorAfter(place) === cursor ? place : null;
}

/** `limit` 1 to 100 (50), and either `offset` from 0 or a `cursor`, as text of a query; or all faults. */
export function parseTimePaging(query: PagingQuery): ParsedPage<TimePlace> {
  return parsePagingBy(query, placeOf);
}

/** The page that was asked for, from rows that were read with one more than its limit. */
export function timePageOf<T extends TimePlace>(rows: readonly T[], limit: number): TimePage<T> {
  const items = rows.slice(0, limit);
  return { items, hasMore: rows.length > limit, last: items.at(-1) ?? null };
}
