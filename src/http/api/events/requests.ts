import * as z from 'zod/mini';
import { parseTimeCursor } from '../../../core/paging.ts';
import { parseRowId } from '../../../core/row-ids.ts';
import { EVENT_TYPES } from '../../../domain/webhooks/event-types.ts';
import { documented } from '../fields.ts';
import { listQuery, pageRequestOf, timeFilters, timeRangeOf } from '../paging.ts';

const PAYMENT_ID_EXPECTED = 'payment_id must be the integer id of a payment.';

/** The filter of a list by payment. */
export const paymentIdFilter = (description: string) =>
  z.optional(
    z.pipe(
      documented(z.string(PAYMENT_ID_EXPECTED), {
        type: 'integer',
        format: 'int64',
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description,
      }),
      z.pipe(z.transform(parseRowId), z.int(PAYMENT_ID_EXPECTED).check(z.minimum(1, PAYMENT_ID_EXPECTED))),
    ),
  );

const query = listQuery(parseTimeCursor, {
  type: z.optional(
    documented(z.enum(EVENT_TYPES, `type must be one of ${EVENT_TYPES.join(', ')}.`), 'Only events of this type.'),
  ),
  payment_id: paymentIdFilter('Only events of this payment.'),
  ...timeFilters,
});

/** The query of `GET /events`. */
export const listEventsQuery = z.pipe(
  query,
  z.transform((sent: z.output<typeof query>) => ({
    filter: { ...timeRangeOf(sent), type: sent.type ?? null, paymentId: sent.payment_id ?? null },
    page: pageRequestOf(sent),
  })),
);
