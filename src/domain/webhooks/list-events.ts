import { type TimePage, type TimePageRequest, timePageOf } from '../../core/time-paging.ts';
import { type EventFilter, type ListedEvent, listEvents } from '../../db/event-lists.ts';
import type { Context } from '../context.ts';

/** The workspace's events of the last 30 days, newest first. */
export async function listWorkspaceEvents(
  context: Context,
  filter: EventFilter,
  request: TimePageRequest,
): Promise<TimePage<ListedEvent>> {
  const oneMore = { ...request, limit: request.limit + 1 };
  return timePageOf(await listEvents(context.database, context.workspace.id, filter, oneMore), request.limit);
}
