import * as z from 'zod/mini';
import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { AttemptView, DeliveryView } from '../../../db/deliveries.ts';
import { DELIVERY_FAILURES, DELIVERY_STATUSES } from '../../../db/schema.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import { documented } from '../fields.ts';

const attempt = () =>
  documented(
    z.object({
      at: documented(z.iso.datetime(), 'When the attempt was made.'),
      status_code: documented(z.nullable(z.int()), 'null: the endpoint did not answer, and `error` says why.'),
      duration_ms: documented(z.int(), 'How long the attempt took, in milliseconds.'),
      error: documented(z.nullable(z.string()), 'Why there was no answer. null: there was one.'),
      response_body: documented(
        z.nullable(z.string()),
        'The first 8 KB of the answer. null if the page would show more than 512 KB of answers: use a smaller `limit`.',
      ),
    }),
    { title: 'DeliveryAttempt' },
  );

/** The schema of a delivery (one event for one endpoint) in answers. */
export const deliverySchema = () =>
  documented(
    z.object({
      id: documented(z.string(), 'dlv_…'),
      event_id: documented(z.string(), 'evt_…'),
      event_type: documented(
        z.nullable(documented(z.string(), { enum: EVENT_TYPES })),
        'null: the event is no longer kept.',
      ),
      status: documented(
        z.enum(DELIVERY_STATUSES),
        '`pending` until an attempt succeeds, all attempts have failed, or the delivery is given up.',
      ),
      failure_reason: documented(
        z.nullable(z.enum(DELIVERY_FAILURES)),
        'Why the delivery was given up without a further attempt. `unsubscribed`: the endpoint no longer names the type of the event. null: it was not given up; if it failed, `attempts` says why.',
      ),
      attempts: documented(z.array(attempt()), 'The latest 20, oldest first.'),
      next_attempt_at: documented(
        z.nullable(z.iso.datetime()),
        'null when the status is final. While an attempt is being made: when the next one is made if the result of this one is lost.',
      ),
      created_at: documented(z.iso.datetime(), 'When the event happened.'),
    }),
    { title: 'Delivery' },
  );

type DeliveryAnswer = z.output<ReturnType<typeof deliverySchema>>;

/** A delivery as answers show it. */
export function presentDelivery(delivery: DeliveryView): DeliveryAnswer {
  const { nextAttemptAt } = delivery;
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    status: delivery.status,
    failure_reason: delivery.failureReason,
    attempts: delivery.attempts.map(presentAttempt),
    next_attempt_at: nextAttemptAt === null ? null : toRfc3339(nextAttemptAt),
    created_at: toRfc3339(delivery.createdAt),
  };
}

function presentAttempt(attempt: AttemptView): DeliveryAnswer['attempts'][number] {
  return {
    at: toRfc3339(attempt.at),
    status_code: attempt.statusCode,
    duration_ms: attempt.durationMs,
    error: attempt.error,
    response_body: attempt.responseBody,
  };
}
