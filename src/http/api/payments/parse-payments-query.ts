import type { PageRequest } from '../../../core/paging.ts';
import { parseTimeRange } from '../../../core/time-range.ts';
import { type PaymentFilter, SHOWN_PAYMENT_STATUSES } from '../../../db/payment-lists.ts';
import type { Parsed } from '../../middleware/json-body.ts';
import { parsePageQuery, toQueryDetails } from '../paging.ts';

export interface PaymentsQuery {
  readonly filter: PaymentFilter;
  readonly page: PageRequest;
}

/** The query of `GET /payments`, or all its faults at once. A link, reference or e-mail that nobody has is none. */
export function parsePaymentsQuery(query: Record<string, string>): Parsed<PaymentsQuery> {
  const page = parsePageQuery(query);
  const range = parseTimeRange(query);
  const status = SHOWN_PAYMENT_STATUSES.find((shown) => shown === query.status) ?? null;
  const faults = [
    ...(query.status !== undefined && status === null ? [STATUS_FAULT] : []),
    ...(range.ok ? [] : toQueryDetails(range.faults)),
    ...(page.ok ? [] : page.faults),
  ];
  if (!page.ok || !range.ok || faults.length > 0) return { ok: false, faults };
  const { payment_link: paymentLink, reference, customer_email: customerEmail } = query;
  const filter = {
    ...range.range,
    status,
    paymentLink: paymentLink ?? null,
    reference: reference ?? null,
    customerEmail: customerEmail ?? null,
  };
  return { ok: true, input: { filter, page: page.input } };
}

const STATUS_FAULT = {
  path: 'status',
  code: 'validation_failed',
  message: `status must be one of ${SHOWN_PAYMENT_STATUSES.join(', ')}.`,
} as const;
