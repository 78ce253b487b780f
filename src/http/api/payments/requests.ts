import * as z from 'zod/mini';
import { NOT_MINOR_UNITS } from '../../../core/money/requested-amount.ts';
import { parseRowCursor } from '../../../core/paging.ts';
import { hasVisibleText } from '../../../core/text.ts';
import { SHOWN_PAYMENT_STATUSES } from '../../../db/payment-lists.ts';
import type { RefundWanted } from '../../../domain/payments/refund-payment.ts';
import type { FieldCodes } from '../../middleware/validate.ts';
import { amountMinor, documented, text } from '../fields.ts';
import { listQuery, pageRequestOf, timeFilters, timeRangeOf } from '../paging.ts';

const filterText = (name: string, description: string) =>
  z.optional(documented(z.string(`${name} must be sent once.`), { description }));

const query = listQuery(parseRowCursor, {
  status: z.optional(
    documented(
      z.enum(SHOWN_PAYMENT_STATUSES, `status must be one of ${SHOWN_PAYMENT_STATUSES.join(', ')}.`),
      'As shown: a paid one with refunds is `refunded` or `partially_refunded`, no longer `succeeded`.',
    ),
  ),
  payment_link: filterText('payment_link', 'The id of a payment link: lnk_…'),
  reference: filterText('reference', 'Your reference, exactly.'),
  customer_email: filterText('customer_email', 'The whole address, in any case.'),
  ...timeFilters,
});

/** The query of `GET /payments`. A link, reference or e-mail that no payment has is no fault: the list is empty. */
export const listPaymentsQuery = z.pipe(
  query,
  z.transform((sent: z.output<typeof query>) => ({
    filter: {
      ...timeRangeOf(sent),
      status: sent.status ?? null,
      paymentLink: sent.payment_link ?? null,
      reference: sent.reference ?? null,
      customerEmail: sent.customer_email ?? null,
    },
    page: pageRequestOf(sent),
  })),
);

/** Whose faults have another code than `validation_failed`. */
export const REFUND_CODES: FieldCodes = { amount_cents: 'invalid_amount', amount: 'invalid_amount' };

/** The body of `POST /payments/:id/refunds`; null is the same as not sent. */
export const newRefund = z.object({
  amount_cents: documented(
    z.nullish(amountMinor()),
    'Minor units, at most what is left of the payment. Without it, all that is left.',
  ),
  // Refused, not ignored: who sends it wants a part back, and without amount_cents all would go.
  amount: z.optional(
    documented(
      z.null(`amount is not taken here: send amount_cents, which ${NOT_MINOR_UNITS}`),
      'Not taken here: send amount_cents.',
    ),
  ),
  reason: documented(
    z.nullish(text('reason', 250, { lineBreaks: false })),
    'duplicate, fraudulent and requested_by_customer are passed on to Stripe; all else is kept beside it.',
  ),
});

/** The refund that a body asks for. */
export const refundBody = z.pipe(
  newRefund,
  z.transform(
    ({ amount_cents: amountMinor, reason }: z.output<typeof newRefund>): RefundWanted => ({
      amountMinor: amountMinor ?? null,
      reason: reason && hasVisibleText(reason) ? reason : null,
    }),
  ),
);
