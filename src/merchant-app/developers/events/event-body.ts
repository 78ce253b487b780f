import * as z from 'zod/mini';
import type { ListedEvent } from '../../../db/event-lists.ts';
import { EVENT_TYPES, type EventType } from '../../../domain/webhooks/event-types.ts';

/** What the pages read of an event's JSON. */
const body = z.looseObject({
  type: z.string(),
  data: z.looseObject({ payment_id: z.optional(z.int()) }),
});

/** What an event is about. */
interface EventSummary {
  readonly type: string;
  /** null: a type that is not known any more. */
  readonly knownType: EventType | null;
  /** null: it is about no payment. */
  readonly paymentId: number | null;
}

/** What the JSON of an event says that it is about. */
export function summaryOf(event: Pick<ListedEvent, 'body'>): EventSummary {
  const { type, data } = body.parse(JSON.parse(event.body));
  return { type, knownType: EVENT_TYPES.find((known) => known === type) ?? null, paymentId: data.payment_id ?? null };
}
