import * as z from 'zod/mini';
import type { Page, PageRequest } from '../../core/paging.ts';
import { parseRfc3339, type TimeRange } from '../../core/rfc3339.ts';
import { documented } from './fields.ts';

const MAX_LIMIT = 100;
const DEFAULT_LIMIT = 50;
/** Never more digits than a double holds exactly. */
const INTEGER = /^\d{1,15}$/;

const LIMIT_EXPECTED = `limit must be a whole number from 1 to ${MAX_LIMIT}.`;
const OFFSET_EXPECTED = 'offset must be a whole number from 0.';
const CURSOR_EXPECTED = 'cursor must be the next_cursor of a page before.';

/** A whole number as text of a query. */
const integer = (expected: string, least: number, most: number) =>
  z.pipe(
    z.string(expected).check(z.regex(INTEGER, expected)),
    z.pipe(z.transform(Number), z.int(expected).check(z.minimum(least, expected), z.maximum(most, expected))),
  );

const limit = z.optional(integer(LIMIT_EXPECTED, 1, MAX_LIMIT));
const offset = z.optional(integer(OFFSET_EXPECTED, 0, Number.MAX_SAFE_INTEGER));

/** `cursor` as text, read by `parse`, which answers null for what is no cursor of this list. */
const cursorOf = <Place>(parse: (text: string) => Place | null) =>
  z.optional(
    z.pipe(
      z.string(CURSOR_EXPECTED),
      z.transform((text: string, context): Place => {
        const place = parse(text);
        if (place !== null) return place;
        context.issues.push({ code: 'custom', message: CURSOR_EXPECTED, input: text });
        return z.NEVER;
      }),
    ),
  );

/**
 * The query of a list: `limit` 1 to 100 (50), `offset` from 0 or `cursor`, and the list's own filters. A parameter that is
 * given twice is refused. `parseCursor`: where a cursor goes on, null for what is no cursor of this list.
 */
export function listQuery<Place, Filters extends z.core.$ZodLooseShape>(
  parseCursor: (text: string) => Place | null,
  filters: Filters,
) {
  return z.object({ ...filters, limit, offset, cursor: cursorOf(parseCursor) }).check(
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

/** The page that a list's query asks for. */
export function pageRequestOf<Place>(query: {
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
  readonly cursor?: Place | undefined;
}): PageRequest<Place> {
  return { limit: query.limit ?? DEFAULT_LIMIT, offset: query.offset ?? 0, before: query.cursor ?? null };
}

const time = (field: string, description: string) => {
  const expected = `${field} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z. In a query, write "+" as %2B.`;
  return z.optional(
    documented(z.string(expected).check(z.refine((text) => parseRfc3339(text) !== null, expected)), {
      format: 'date-time',
      description,
    }),
  );
};

/** The filters of a list by time. */
export const timeFilters = {
  created_after: time('created_after', 'Created at this time or later (RFC 3339).'),
  created_before: time('created_before', 'Created earlier than this time (RFC 3339).'),
};

/** The range that the times of a valid query stand for. */
export function timeRangeOf(query: {
  readonly created_after?: string | undefined;
  readonly created_before?: string | undefined;
}): TimeRange {
  const { created_after: after, created_before: before } = query;
  return {
    after: after === undefined ? null : parseRfc3339(after),
    before: before === undefined ? null : parseRfc3339(before),
  };
}

/** `{data, meta}` of a page. `next_cursor` is null at the end. */
export function listAnswer<T, A, Place>(page: Page<T>, request: PageRequest<Place>, present: (item: T) => A) {
  const { limit, offset } = request;
  const { items, nextCursor } = page;
  return { data: items.map(present), meta: { limit, offset, has_more: nextCursor !== null, next_cursor: nextCursor } };
}
