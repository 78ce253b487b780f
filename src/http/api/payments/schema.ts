import * as z from 'zod/mini';
import { MAX_AMOUNT_MINOR } from '../../../core/money/money.ts';
import { textFault } from '../../../core/text.ts';

const MAX_REASON = 250;
const REASON_EXPECTED = `reason must be text of at most ${MAX_REASON} characters.`;

const reason = z
  .string(REASON_EXPECTED)
  .check(
    z.superRefine((value, context) => {
      const fault = textFault(value, { max: MAX_REASON, lineBreaks: false });
      if (fault) context.addIssue({ code: 'custom', message: `reason ${fault}` });
    }),
  )
  .check(
    z.meta({
      maxLength: MAX_REASON,
      description:
        'duplicate, fraudulent and requested_by_customer are passed on to Stripe; all else is kept beside it.',
    }),
  );

/** The body of `POST /payments/:id/refunds`. null is the same as not sent. */
export const newRefundSchema = z.object({
  // Judged by parse-refund.ts, and by the payment: here it only gets its place in the document.
  amount_cents: z.optional(
    z.unknown().check(
      z.meta({
        type: ['integer', 'null'],
        minimum: 1,
        maximum: MAX_AMOUNT_MINOR,
        description: 'Minor units, at most what is left of the payment. Without it, all that is left.',
      }),
    ),
  ),
  reason: z.optional(z.nullable(reason)),
});
