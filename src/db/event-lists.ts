import { and, desc, eq, gte, lt, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { type Page, pageOf, type TimePageRequest, type TimePlace, timeCursor } from '../core/paging.ts';
import type { TimeRange } from '../core/rfc3339.ts';
import type { Database } from './client.ts';
import type { Event } from './outbox.ts';
import { events } from './schema.ts';

/** An event as it was sent, and its place in the list. */
export type ListedEvent = Pick<Event, 'id' | 'body' | 'createdAt'>;

const listed = { id: events.id, body: events.body, createdAt: events.createdAt };

/** Which events of a workspace; null leaves a filter out. */
export interface EventFilter extends TimeRange {
  readonly type: string | null;
  readonly paymentId: number | null;
}

/** The commonest type by far has no index: it would cost every payment a row written. */
const COMMONEST = 'payments.payment.succeeded';

/** The workspace's events, newest first. A page costs the same at any depth by cursor. */
export async function listEvents(
  database: Database,
  workspaceId: string,
  filter: EventFilter,
  page: TimePageRequest,
): Promise<Page<ListedEvent>> {
  // The "+" leaves the choice to the index of a payment's events, which are few.
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

/** The index of all other types is for this condition alone, to the letter. */
function isOfType(type: string): SQL | undefined {
  const isIt = eq(events.type, type);
  return type === COMMONEST ? isIt : and(isIt, sql.raw(`events.type <> '${COMMONEST}'`));
}

/** An event of this workspace, or null: the same for an unknown one and for another workspace's. */
export async function findEvent(database: Database, workspaceId: string, id: string): Promise<ListedEvent | null> {
  const [row] = await database
    .select(listed)
    .from(events)
    .where(and(eq(events.id, id), eq(events.workspaceId, workspaceId)))
    .limit(1);
  return row ?? null;
}

/** Created in the range, and behind this place of a list from the newest row to the oldest. */
export function isInRange(
  { createdAt, id }: { readonly createdAt: SQLiteColumn; readonly id: SQLiteColumn },
  { after, before }: TimeRange,
  place: TimePlace | null,
): SQL | undefined {
  return and(
    after === null ? undefined : gte(createdAt, after),
    before === null ? undefined : lt(createdAt, before),
    place === null ? undefined : sql`(${createdAt}, ${id}) < (${place.createdAt}, ${place.id})`,
  );
}
