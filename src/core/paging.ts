import CRC32 from 'crc-32';

/** One page of a list that runs from the newest row to the oldest. `before`: only rows behind this place of the order. */
export interface PageRequestOf<Place> {
  readonly limit: number;
  readonly offset: number;
  readonly before: Place | null;
}

/** A page of a list by row id. `before`: only rows with a smaller id. */
export type PageRequest = PageRequestOf<number>;

export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
  /** Row id of the last item, from which the next cursor is made. */
  readonly lastId: number | null;
}

export interface PagingFault {
  readonly path: 'limit' | 'offset' | 'cursor';
  readonly message: string;
}

/** The members of a query that ask for a page, as text. */
export interface PagingQuery {
  readonly limit?: string | undefined;
  readonly offset?: string | undefined;
  readonly cursor?: string | undefined;
}

export type ParsedPage<Place> =
  | { readonly ok: true; readonly page: PageRequestOf<Place> }
  | { readonly ok: false; readonly faults: readonly PagingFault[] };

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 100;
/** Never more digits than a double holds exactly. */
const INTEGER = /^\d{1,15}$/;
const CURSOR = /^c([0-9a-z]{1,11})[0-9a-z]{4}$/;

/** The cursor that goes on after a row: opaque to callers. */
export function cursorAfter(rowId: number): string {
  const digits = rowId.toString(36);
  return `c${digits}${cursorChecksum(digits)}`;
}

/** No secret: it keeps a cursor that was cut off or altered from silently naming another row. */
export function cursorChecksum(text: string): string {
  return (CRC32.str(text) >>> 0).toString(36).padStart(4, '0').slice(-4);
}

function rowIdOf(cursor: string): number | null {
  const digits = CURSOR.exec(cursor)?.[1];
  const id = digits === undefined ? Number.NaN : Number.parseInt(digits, 36);
  return Number.isSafeInteger(id) && cursorAfter(id) === cursor ? id : null;
}

/** `limit` 1 to 100 (50), and either `offset` from 0 or a `cursor`, as text of a query; or all faults. */
export function parsePaging(query: PagingQuery): ParsedPage<number> {
  return parsePagingBy(query, rowIdOf);
}

/** Like `parsePaging`, for a list in another order. `placeOf`: where a cursor goes on, null for what is no cursor of it. */
export function parsePagingBy<Place>(query: PagingQuery, placeOf: (cursor: string) => Place | null): ParsedPage<Place> {
  const faults: PagingFault[] = [];
  const limit = query.limit === undefined ? DEFAULT_LIMIT : toInteger(query.limit);
  if (limit === null || limit < 1 || limit > MAX_LIMIT) {
    faults.push({ path: 'limit', message: `limit must be a whole number from 1 to ${MAX_LIMIT}.` });
  }
  const offset = query.offset === undefined ? 0 : toInteger(query.offset);
  if (offset === null) faults.push({ path: 'offset', message: 'offset must be a whole number from 0.' });
  const before = query.cursor === undefined ? null : placeOf(query.cursor);
  if (query.cursor !== undefined && before === null) {
    faults.push({ path: 'cursor', message: 'cursor must be the next_cursor of a page before.' });
  }
  if (query.cursor !== undefined && query.offset !== undefined) {
    faults.push({ path: 'cursor', message: 'cursor and offset exclude each other: send one of the two.' });
  }
  if (faults.length > 0 || limit === null || offset === null) return { ok: false, faults };
  return { ok: true, page: { limit, offset, before } };
}

function toInteger(text: string): number | null {
  return INTEGER.test(text) ? Number(text) : null;
}
