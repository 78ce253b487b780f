import * as z from 'zod/mini';
import { parseRfc3339 } from '../../../core/rfc3339.ts';
import { DELIVERY_STATUSES } from '../../../db/schema.ts';

const describe = (description: string) => z.meta({ description });

const time = (field: string, description: string) => {
  const expected = `${field} must be an RFC 3339 time, for example 2026-05-19T18:04:11Z.`;
  return z
    .string(expected)
    .check(z.refine((text) => parseRfc3339(text) !== null, expected))
    .check(z.meta({ format: 'date-time', description }));
};

/** The body of `POST /webhook-endpoints/:id/replay`; null is the same as not sent. */
export const replaySchema = z.object({
  since: time('since', 'Events from this moment on; at most 30 days back.'),
  until: z.optional(
    z.nullable(
      time('until', 'Events up to this moment, or to the end of this second if it has no fraction; now by default.'),
    ),
  ),
  status: z.optional(
    z.nullable(
      z
        .enum(DELIVERY_STATUSES, `status must be one of ${DELIVERY_STATUSES.join(', ')}.`)
        .check(describe('Only deliveries of this status. Without it: those that failed, and events never sent to it.')),
    ),
  ),
});
