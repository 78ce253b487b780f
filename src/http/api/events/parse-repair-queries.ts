import type { ErrorDetail } from '../../../core/errors.ts';
import type { TimePageRequest } from '../../../core/time-paging.ts';
import { parseTimeRange } from '../../../core/time-range.ts';
import type { DeliveryFilter } from '../../../db/deliveries.ts';
import type { EventFilter } from '../../../db/event-lists.ts';
import { DELIVERY_STATUSES } from '../../../db/schema.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { parseTimePageQuery, toQueryDetails } from '../paging.ts';
import { parseRowId } from '../row-id.ts';

/** What a list is asked for: which rows, and which page of them. */
export interface ListQuery<Filter> {
  readonly filter: Filter;
  readonly page: TimePageRequest;
}

/** A filter of a query: its value, null where it was not sent, or why it is refused. */
type Judged<T> = { readonly value: T | null; readonly fault: string | null };

function judge<T>(text: string | undefined, parse: (text: string) => T | null, expected: string): Judged<T> {
  const value = text === undefined ? null : parse(text);
  return { value, fault: text !== undefined && value === null ? expected : null };
}

const oneOf =
  <T extends string>(known: readonly T[]) =>
  (text: string): T | null =>
    known.find((value) => value === text) ?? null;

/** The page and the times of a query, joined to its other filters; or all faults at once. */
function joined<Filter extends object>(
  query: Record<string, string>,
  filters: Readonly<Record<string, Judged<unknown>>>,
  rest: Filter,
): Parsed<ListQuery<Filter & { readonly after: number | null; readonly before: number | null }>> {
  const page = parseTimePageQuery(query);
  const times = parseTimeRange(query);
  const refused = Object.entries(filters).flatMap(([path, { fault }]): ErrorDetail[] =>
    fault === null ? [] : [{ path, code: 'validation_failed', message: `${path} ${fault}` }],
  );
  if (page.ok && times.ok && refused.length === 0) {
    return { ok: true, input: { filter: { ...rest, ...times.range }, page: page.input } };
  }
  const faults = [...refused, ...(times.ok ? [] : toQueryDetails(times.faults)), ...(page.ok ? [] : page.faults)];
  return { ok: false, faults };
}

/** The query of `GET /events`: `type`, `payment_id`, `created_after`, `created_before`, and the page. */
export function parseEventsQuery(query: Record<string, string>): Parsed<ListQuery<EventFilter>> {
  const type = judge(query.type, oneOf(EVENT_TYPES), `must be one of ${EVENT_TYPES.join(', ')}.`);
  const payment = judge(query.payment_id, parseRowId, 'must be the integer id of a payment.');
  return joined(query, { type, payment_id: payment }, { type: type.value, paymentId: payment.value });
}

/** The query of `GET /webhook-endpoints/:id/deliveries`: `status`, `created_after`, `created_before`, and the page. */
export function parseDeliveriesQuery(query: Record<string, string>): Parsed<ListQuery<DeliveryFilter>> {
  const status = judge(query.status, oneOf(DELIVERY_STATUSES), `must be one of ${DELIVERY_STATUSES.join(', ')}.`);
  return joined(query, { status }, { status: status.value });
}
