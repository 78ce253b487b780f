import * as z from 'zod/mini';
import { parsePaymentLinkToken } from '../../../core/ids.ts';
import { NOT_MINOR_UNITS } from '../../../core/money/requested-amount.ts';
import { parseRowCursor } from '../../../core/paging.ts';
import { hasVisibleText, textFault, visibleOrNull } from '../../../core/text.ts';
import { withPluses } from '../../../core/urls.ts';
import { SHOWN_PAYMENT_STATUSES } from '../../../db/payment-lists.ts';
import type { RefundWanted } from '../../../domain/payments/refund-payment.ts';
import type { FieldCodes } from '../../middleware/validate.ts';
import { amountMinor, documented, email, text } from '../fields.ts';
import { listQuery, pageRequestOf, timeFilters, timeRangeOf } from '../paging.ts';

/** A schema for a text to filter by. A text that no payment can have, so that the list would be empty, is refused. */
const filterText = (expected: string, isPossible: (text: string) => boolean, about: z.core.GlobalMeta) =>
  z.optional(documented(z.string(expected).check(z.refine(isPossible, expected)), about));

const query = listQuery(parseRowCursor, {
  status: z.optional(
    documented(
      z.enum(SHOWN_PAYMENT_STATUSES, `status must be one of ${SHOWN_PAYMENT_STATUSES.join(', ')}.`),
      'The status that answers show: a paid payment with refunds is `refunded` or `partially_refunded`, not `succeeded`.',
    ),
  ),
  payment_link: filterText(
    'payment_link must be the id of a payment link: lnk_…',
    (text) => parsePaymentLinkToken(text) !== null,
    { pattern: '^lnk_[0-9a-z]{21}$', description: 'The id of a payment link: lnk_…' },
  ),
  reference: filterText(
    'reference must be text of 1 to 500 characters, as you sent it.',
    (text) => hasVisibleText(text) && textFault(text, { max: 500, lineBreaks: true }) === null,
    {
      minLength: 1,
      maxLength: 500,
      description: 'Your reference, exactly as you sent it. Write `%2B` for a `+` in it.',
    },
  ),
  customer_email: z.optional(
    documented(email('customer_email', withPluses), {
      description: 'The whole address, in upper or lower case. A space counts as the `+` that was meant.',
    }),
  ),
  ...timeFilters,
});

/** The query of `GET /payments`. The list is empty if no payment has the link, reference or e-mail address. */
export const listPaymentsQuery = z.pipe(
  query,
  z.transform((sent: z.output<typeof query>) => ({
    filter: {
      ...timeRangeOf(sent),
      status: sent.status ?? null,
      id: null,
      paymentLink: sent.payment_link ?? null,
      reference: sent.reference ?? null,
      customerEmail: sent.customer_email ?? null,
    },
    page: pageRequestOf(sent),
  })),
);

/** The error codes for faults, by the name of the member. For all other members it is `validation_failed`. */
export const REFUND_CODES: FieldCodes = { amount_cents: 'invalid_amount', amount: 'invalid_amount' };

/** The schema for the body of `POST /payments/:id/refunds`. null is the same as not sent. */
export const newRefund = z.object({
  amount_cents: documented(
    z.nullish(amountMinor()),
    'An amount in minor units, at most what is left of the payment. Without it, all that is left is refunded.',
  ),
  // Refused, not ignored: who sends it wants a partial refund, and without amount_cents everything would be refunded.
  amount: z.optional(
    documented(
      z.null(`amount is not taken here: send amount_cents, which ${NOT_MINOR_UNITS}`),
      'Refused: send `amount_cents`.',
    ),
  ),
  reason: documented(
    z.nullish(text('reason', 250, { lineBreaks: false })),
    '`duplicate`, `fraudulent` and `requested_by_customer` are sent to Stripe. Any other reason is only kept with the refund.',
  ),
});

type Refund = z.output<typeof newRefund>;

/** Validates the body of a refund, and turns it into the input of `refundPayment`. */
export const refundBody = z.pipe(
  newRefund,
  z.transform(({ amount_cents: amountMinor = null, reason }: Refund): RefundWanted => {
    return { amountMinor, reason: visibleOrNull(reason ?? null) };
  }),
);
