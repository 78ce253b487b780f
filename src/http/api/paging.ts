import * as z from 'zod/mini';
import type { Page, PageRequest } from '../../core/paging.ts';
import { parseRfc3339, type TimeRange } from '../../core/rfc3339.ts';
import { withPluses } from '../../core/urls.ts';
import { documented } from './fields.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;
const MAX_OFFSET = 100_000;
/** At most 15 digits, because a double holds these exactly. */
const INTEGER = /^\d{1,15}$/;

const CURSOR_EXPECTED = 'cursor must be the next_cursor of a page before.';

/** A schema for an optional whole number in a query. `expected`: the message for anything else. */
const integer = (expected: string, least: number, most: number) =>
  z.optional(
    z.pipe(
      z.string(expected).check(z.regex(INTEGER, expected)),
      z.pipe(z.transform(Number), z.int(expected).check(z.minimum(least, expected), z.maximum(most, expected))),
    ),
  );

const limit = integer(`limit must be a whole number from 1 to ${MAX_LIMIT}.`, 1, MAX_LIMIT);
const offset = integer(
  `offset must be a whole number from 0 to ${MAX_OFFSET}. Use cursor to read further.`,
  0,
  MAX_OFFSET,
);

const cursor = <Place>(parseCursor: (text: string) => Place | null) =>
  z.optional(
    z.pipe(
      z.string(CURSOR_EXPECTED),
      z.transform((text: string, context): Place => {
        const place = parseCursor(text);
        if (place !== null) return place;
        context.issues.push({ code: 'custom', message: CURSOR_EXPECTED, input: text });
        return z.NEVER;
      }),
    ),
  );

/**
 * A schema for the query of a list: `limit` from 1 to 100 (50 if not sent), `offset` up to 100,000 or `cursor`, and the list's own
 * `filters`. A parameter that is sent twice is refused. `parseCursor` reads the place in the list from a cursor, and
 * returns null for a text that is no cursor of this list.
 */
export function listQuery<Place, Filters extends z.core.$ZodLooseShape>(
  parseCursor: (text: string) => Place | null,
  filters: Filters,
) {
  return z.object({ ...filters, limit, offset, cursor: cursor(parseCursor) }).check(
    z.check(
      ({ value, issues }) => {
        if (!('cursor' in value) || !('offset' in value)) return;
        const message = 'cursor and offset exclude each other: send one of the two.';
        issues.push({ code: 'custom', message, path: ['cursor'], input: value });
      },
      { when: () => true },
    ),
  );
}

/** The page of a list that a valid query asks for. */
export function pageRequestOf<Place>(query: {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly cursor?: Place | undefined;
}): PageRequest<Place> {
  return { limit: query.limit ?? DEFAULT_LIMIT, offset: query.offset ?? 0, before: query.cursor ?? null };
}

/** A schema for a time in a query. The result is in unix ms. */
const timeFilter = (field: string, description: string) => {
  const expected = `${field} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z.`;
  return z.optional(
    z.pipe(
      documented(z.string(expected), { format: 'date-time', description }),
      z.transform((text: string, context): number => {
        const ms = parseRfc3339(withPluses(text));
        if (ms !== null) return ms;
        context.issues.push({ code: 'custom', message: expected, input: text });
        return z.NEVER;
      }),
    ),
  );
};

/** The filters of a list by the time at which an item was created. */
export const timeFilters = {
  created_after: timeFilter('created_after', 'Created at this time or later (RFC 3339).'),
  created_before: timeFilter('created_before', 'Created earlier than this time (RFC 3339).'),
};

/** The range of time that a valid query asks for, in unix ms. `after` or `before` is null if it was not sent. */
export function timeRangeOf(query: {
  readonly created_after?: number | undefined;
  readonly created_before?: number | undefined;
}): TimeRange {
  return { after: query.created_after ?? null, before: query.created_before ?? null };
}

/** The answer of a list for one page: `{data, meta}`. `next_cursor` is null at the end of the list. */
export function listAnswer<T, A, Place>(page: Page<T>, request: PageRequest<Place>, present: (item: T) => A) {
  const { limit, offset } = request;
  const { items, nextCursor } = page;
  return { data: items.map(present), meta: { limit, offset, has_more: nextCursor !== null, next_cursor: nextCursor } };
}
