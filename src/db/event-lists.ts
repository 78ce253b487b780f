import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import { type SQLiteColumn, unionAll } from 'drizzle-orm/sqlite-core';
import { type Page, pageOf, type TimePageRequest, type TimePlace, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import type { Database } from './client.ts';
import type { Event } from './outbox.ts';
import { events } from './schema.ts';

/** An event as lists show it. `body`: the exact text that is sent to endpoints. */
export type ListedEvent = Pick<Event, 'id' | 'body' | 'createdAt'>;

// SQL, not columns: Drizzle does not know the table of a query that names its index.
const place = { id: sql<string>`events.id`.as('id'), createdAt: sql<number>`events.created_at`.as('created_at') };
const listed = { ...place, body: sql<string>`events.body`.as('body') };

/** A filter for the events of a workspace. A member that is null lets every event pass. */
interface EventFilter extends TimeRange {
  readonly type: string | null;
  readonly paymentId: number | null;
}

/** The most common event type. It has no index, because each payment would then cost one more row written. */
const COMMONEST = 'payments.payment.succeeded';

/** How many events of all types a page looks at, at most, for those of the type above. Nearly always it finds enough sooner. */
const LOOKED_AT = 5_000;
/** The same for a page by `offset`, which looks at all events before it: the largest offset is 100,000. */
const LOOKED_AT_BY_OFFSET = 100_000 + LOOKED_AT;

/**
 * A page of the workspace's events, newest first. With a cursor every page costs the same, however old its events are and
 * however many others there are. A page of `payments.payment.succeeded` can have few events, or none, and still a cursor, if
 * there are few among 5,000 others.
 */
export async function listEvents(
  database: Database,
  workspaceId: string,
  filter: EventFilter,
  page: TimePageRequest,
): Promise<Page<ListedEvent>> {
  const isInPage = and(eq(events.workspaceId, workspaceId), isInRange(events, filter, page.before));
  if (filter.type === COMMONEST && filter.paymentId === null) return await listCommonest(database, isInPage, page);
  const isWanted = and(
    isInPage,
    filter.paymentId === null ? undefined : eq(events.paymentId, filter.paymentId),
    filter.type === null ? undefined : eq(events.type, filter.type),
    filter.type === null || filter.paymentId !== null ? undefined : sql.raw(`events.type <> '${COMMONEST}'`),
  );
  const rows = await database
    .select(listed)
    .from(sql`events INDEXED BY ${sql.raw(indexOf(filter))}`)
    .where(isWanted)
    .orderBy(...newestFirst)
    .limit(page.limit + 1)
    .offset(page.offset);
  return pageOf(rows, page.limit, timeCursor);
}

const newestFirst = [desc(events.createdAt), desc(events.id)];

/** SQLite picks another index for some ranges of time. It uses `events_type` only where a query repeats its condition. */
function indexOf({ type, paymentId }: EventFilter): string {
  // A payment has few events.
  if (paymentId !== null) return 'events_payment';
  return type === null ? 'events_workspace' : 'events_type';
}

/** A page of the events of the type without an index, among the latest of all types. */
async function listCommonest(
  database: Database,
  isInPage: SQL | undefined,
  page: TimePageRequest,
): Promise<Page<ListedEvent>> {
  const most = page.offset === 0 ? LOOKED_AT : LOOKED_AT_BY_OFFSET;
  const everyType = sql`events INDEXED BY events_workspace`;
  const latest = database
    .select({ ...listed, type: sql<string>`events.type`.as('type') })
    .from(everyType)
    .where(isInPage)
    .orderBy(...newestFirst)
    .limit(most)
    .as('latest');
  const { id, createdAt, body } = latest;
  const found = database
    .select({ id, createdAt, body, isLast: sql`FALSE`.mapWith(Boolean).as('is_last') })
    .from(latest)
    .where(eq(latest.type, COMMONEST))
    .orderBy(desc(createdAt), desc(id))
    .limit(page.limit + 1)
    .offset(page.offset)
    .as('found');
  const last = database
    .select({ ...listed, isLast: sql`TRUE`.mapWith(Boolean).as('is_last') })
    .from(everyType)
    .where(isInPage)
    .orderBy(...newestFirst)
    .limit(1)
    .offset(most - 1)
    .as('last');
  // One query, so that both parts see the same events. SQLite begins the second part only if the first one is short.
  const rows = await unionAll(database.select().from(found), database.select().from(last)).limit(page.limit + 1);
  const lastRow = rows.find(({ isLast }) => isLast);
  const paid = rows.filter(({ isLast }) => !isLast);
  const listedPage = pageOf(paid, page.limit, timeCursor);
  return lastRow ? { ...listedPage, nextCursor: timeCursor(lastRow) } : listedPage;
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
