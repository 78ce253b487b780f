import { ApiError } from '../../core/errors.ts';
import { findEvent, type ListedEvent } from '../../db/event-lists.ts';
import type { Context } from '../context.ts';

/** An event of this workspace. Throws `not_found`, the same for another workspace's. */
export async function readEvent(context: Context, id: string): Promise<ListedEvent> {
  const event = await findEvent(context.database, context.workspace.id, id);
  if (!event) throw new ApiError('not_found', 'No event with this id in your workspace. Events are kept for 30 days.');
  return event;
}
