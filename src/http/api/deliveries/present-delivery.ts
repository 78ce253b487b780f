import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { AttemptView, DeliveryView } from '../../../db/deliveries.ts';
import type { DeliveryAnswer } from './answer.ts';

/** A delivery as every answer shows it. */
export function presentDelivery(delivery: DeliveryView): DeliveryAnswer {
  const { nextAttemptAt, claim } = delivery;
  return {
    id: delivery.id,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    status: delivery.status,
    attempts: delivery.attempts.map(presentAttempt),
    // While an attempt runs the row holds the end of its lease, which is no time of an attempt.
    next_attempt_at: nextAttemptAt === null || claim !== null ? null : toRfc3339(nextAttemptAt),
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
