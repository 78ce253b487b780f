import * as z from 'zod/mini';
import { DELIVERY_STATUSES } from '../../../db/schema.ts';

const describe = (description: string) => z.meta({ description });

const attempt = z.object({
  at: z.iso.datetime().check(describe('When it was made.')),
  status_code: z.nullable(z.int()).check(describe('null: the endpoint did not answer; `error` says why.')),
  duration_ms: z.int(),
  error: z.nullable(z.string()),
  response_body: z
    .nullable(z.string())
    .check(describe('The first 8 KB of the answer. null where a page has more than 512 KB of them: ask for fewer.')),
});

/** A delivery in answers: one event on its way to one endpoint. */
export const deliverySchema = z
  .object({
    id: z.string().check(describe('dlv_…')),
    event_id: z.string(),
    event_type: z.nullable(z.string()).check(describe('null: the event is no longer kept.')),
    status: z.enum(DELIVERY_STATUSES).check(describe('`pending` until it has arrived, or all attempts have failed.')),
    attempts: z.array(attempt).check(describe('The latest 20, oldest first.')),
    next_attempt_at: z
      .nullable(z.iso.datetime())
      .check(describe('null once the status is final, and while an attempt is being made.')),
    created_at: z.iso.datetime().check(describe('When the event happened.')),
  })
  .check(z.meta({ title: 'Delivery' }));

/** How many deliveries a replay has queued. */
export const queuedSchema = z
  .object({ queued: z.int().check(describe('Deliveries that are on their way now, in the order of their events.')) })
  .check(z.meta({ title: 'Queued' }));

export type DeliveryAnswer = z.output<typeof deliverySchema>;
