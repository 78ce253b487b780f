import { parseTimeCursor, type TimePageRequest } from '../../../core/paging.ts';
import { EVENT_TYPES, type EventType } from '../../../domain/webhooks/event-types.ts';
import { readLocalTime } from '../../local-time.ts';
import type { Clock } from '../../time.ts';

/** How many events a page shows. */
const SHOWN = 25;

/** What the list of events is asked for. Texts of times are those of the reader's clock. */
export interface AskedEvents {
  readonly type: EventType | null;
  readonly from: string;
  readonly until: string;
  /** Unix ms. null: from the first on. */
  readonly after: number | null;
  readonly before: number | null;
  readonly page: TimePageRequest;
}

/** Reads the query of the list. What cannot be read counts as not asked. */
export function askedEvents(query: Readonly<Record<string, string>>, { timeZone }: Clock): AskedEvents {
  const { type, from = '', until = '', cursor = '' } = query;
  return {
    type: EVENT_TYPES.find((one) => one === type) ?? null,
    from,
    until,
    after: readLocalTime(from, timeZone),
    before: readLocalTime(until, timeZone),
    page: { limit: SHOWN, offset: 0, before: parseTimeCursor(cursor) },
  };
}

/** The query of the list for people, with another cursor. */
export function pageQuery({ type, from, until }: AskedEvents, cursor: string): string {
  return String(new URLSearchParams({ ...(type && { type }), ...(from && { from }), ...(until && { until }), cursor }));
}

/** The path of the same list in the API. */
export function apiPath({ type, after, before }: AskedEvents): string {
  const query = new URLSearchParams({
    ...(type && { type }),
    ...(after !== null && { created_after: new Date(after).toISOString() }),
    ...(before !== null && { created_before: new Date(before).toISOString() }),
  });
  return query.size === 0 ? '/events' : `/events?${query}`;
}
