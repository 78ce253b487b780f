import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { type Page, pageOf, type TimePageRequest, type TimePlace, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import type { Database } from './client.ts';
import type { Event } from './outbox.ts';
import { events } from './schema.ts';

/** An event as lists show it. `body`: the exact text that is sent to endpoints. */
export type ListedEvent = Pick<Event, 'id' | 'body' | 'createdAt'>;

const listed = { id: events.id, body: events.body, createdAt: events.createdAt };

/** A filter for the events of a workspace. A member that is null lets every event pass. */
interface EventFilter extends TimeRange {
  readonly type: string | null;
  readonly paymentId: number | null;
}

/** The most common event type. It has no index, because each payment would then cost one more row written. */
const COMMONEST = 'payments.payment.succeeded';

/** A page of the workspace's events, newest first. With a cursor every page costs the same, however old its events are. */
export async function listEvents(
  database: Database,
  workspaceId: string,
  filter: EventFilter,
  page: TimePageRequest,
): Promise<Page<ListedEvent>> {
  // With the "+" SQLite uses the index of a payment's events, which are few.
  const own =
    filter.paymentId === null
      ? eq(events.workspaceId, workspaceId)
      : and(eq(events.paymentId, filter.paymentId), sql`+${events.workspaceId} = ${workspaceId}`);
  const rows = await database
    .select(listed)
    .from(events)
    .where(and(own, filter.type === null ? undefined : isOfType(filter.type), isInRange(events, filter, page.before)))
    .orderBy(desc(events.createdAt), desc(events.id))
    .limit(page.limit + 1)
    .offset(page.offset);
  return pageOf(rows, page.limit, timeCursor);
}

/** SQLite uses the index `events_type` only where a query repeats its condition literally. */
function isOfType(type: string): SQL | undefined {
  const isIt = eq(events.type, type);
  return type === COMMONEST ? isIt : and(isIt, sql.raw(`events.type <> '${COMMONEST}'`));
}

/** An event of this workspace. null: no such event, or an event of another workspace. */
export async function findEvent(database: Database, workspaceId: string, id: string): Promise<ListedEvent | null> {
  const [row] = await database
    .select(listed)
    .from(events)
    .where(and(eq(events.id, id), eq(events.workspaceId, workspaceId)))
    .limit(1);
  return row ?? null;
}

/** True in SQL for rows created in the range. With a `place`: only the rows after it in a list with the newest first. */
export function isInRange(
  { createdAt, id }: { readonly createdAt: SQLiteColumn; readonly id: SQLiteColumn },
  { after, before }: TimeRange,
  place: TimePlace | null,
): SQL | undefined {
  // With the "+" SQLite begins at the place, not at the end of the range: else it would read all pages before this one.
  const end = place === null ? sql`${createdAt}` : sql`+${createdAt}`;
  return and(
    after === null ? undefined : gte(createdAt, after),
    before === null ? undefined : lt(end, before),
    place === null ? undefined : sql`(${createdAt}, ${id}) < (${place.createdAt}, ${place.id})`,
  );
}
