import { cursorAfter, type Page, type PageRequest, parsePaging } from '../../core/paging.ts';
import type { Parsed } from '../middleware/json-body.ts';

/** `limit`, `offset` and `cursor` of a list's query. */
export function parsePageQuery(query: Record<string, string>): Parsed<PageRequest> {
  const parsed = parsePaging(query);
  if (parsed.ok) return { ok: true, input: parsed.page };
  return { ok: false, faults: parsed.faults.map((fault) => ({ ...fault, code: 'validation_failed' })) };
}

/** `{data, meta}` of a page. `next_cursor` is null at the end. */
export function listAnswer<T, A>(page: Page<T>, request: PageRequest, present: (item: T) => A) {
  return {
    data: page.items.map(present),
    meta: {
      limit: request.limit,
      offset: request.offset,
      has_more: page.hasMore,
      next_cursor: page.hasMore && page.lastId !== null ? cursorAfter(page.lastId) : null,
    },
  };
}
