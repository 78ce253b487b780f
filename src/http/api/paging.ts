import type { ErrorDetail } from '../../core/errors.ts';
import { cursorAfter, type Page, type PageRequest, type PagingFault, parsePaging } from '../../core/paging.ts';
import { parseTimePaging, type TimePage, type TimePageRequest, timeCursorAfter } from '../../core/time-paging.ts';
import type { TimeRangeFault } from '../../core/time-range.ts';
import type { Parsed } from '../middleware/json-body.ts';

/** `limit`, `offset` and `cursor` of a list's query. */
export function parsePageQuery(query: Record<string, string>): Parsed<PageRequest> {
  const parsed = parsePaging(query);
  if (parsed.ok) return { ok: true, input: parsed.page };
  return { ok: false, faults: toQueryDetails(parsed.faults) };
}

/** Like `parsePageQuery`, of a list by time. */
export function parseTimePageQuery(query: Record<string, string>): Parsed<TimePageRequest> {
  const parsed = parseTimePaging(query);
  if (parsed.ok) return { ok: true, input: parsed.page };
  return { ok: false, faults: toQueryDetails(parsed.faults) };
}

/** The faults of a query's members as an answer shows them. */
export function toQueryDetails(faults: readonly (PagingFault | TimeRangeFault)[]): ErrorDetail[] {
  return faults.map((fault) => ({ ...fault, code: 'validation_failed' }));
}

/** `{data, meta}` of a page. `next_cursor` is null at the end. */
export function listAnswer<T, A>(page: Page<T>, request: PageRequest, present: (item: T) => A) {
  const next = page.hasMore && page.lastId !== null ? cursorAfter(page.lastId) : null;
  return answerOf(page, request, next, present);
}

/** Like `listAnswer`, of a list by time. */
export function timeListAnswer<T, A>(page: TimePage<T>, request: TimePageRequest, present: (item: T) => A) {
  const next = page.hasMore && page.last !== null ? timeCursorAfter(page.last) : null;
  return answerOf(page, request, next, present);
}

function answerOf<T, A>(
  page: { readonly items: readonly T[]; readonly hasMore: boolean },
  request: { readonly limit: number; readonly offset: number },
  nextCursor: string | null,
  present: (item: T) => A,
) {
  return {
    data: page.items.map(present),
    meta: { limit: request.limit, offset: request.offset, has_more: page.hasMore, next_cursor: nextCursor },
  };
}
