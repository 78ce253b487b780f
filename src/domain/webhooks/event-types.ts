/** Every type of event that merchants receive. event-schemas.ts has the schema of the `data` of each type. */
export const EVENT_TYPES = [
  'payments.payment.succeeded',
  'payments.payment.failed',
  'payments.payment.processing',
  'payments.payment.refunded',
  'payments.refund.failed',
  'payments.checkout.expired',
  'payments.dispute.opened',
  'payments.dispute.closed',
  'payments.link.exhausted',
  'payments.account.updated',
  'webhook.endpoint.disabled',
  'webhook.ping',
] as const;

export type EventType = (typeof EVENT_TYPES)[number];
