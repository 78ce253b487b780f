import type * as z from 'zod/mini';
import { accountState, canCharge, paysOut } from '../../core/account-state.ts';
import { eventIdFor } from '../../core/derive.ts';
import { newEventId } from '../../core/ids.ts';
import { requirementMessage } from '../../core/requirement-message.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Event } from '../../db/outbox.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { PaymentView } from '../../db/payments.ts';
import type { RefundFacts } from '../../db/refunds.ts';
import type { WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import type { ConnectedAccount } from '../../db/workspaces.ts';
import type { StripeDispute } from '../../stripe/gateway.ts';
import type { EventContext } from '../context.ts';
import type { EVENT_DATA } from './event-schemas.ts';
import type { EventType } from './event-types.ts';

// The domain writes JSON for merchants only in this file: an event's body is stored as it is sent, so it is made here.

type DataOf<Type extends EventType> = z.output<(typeof EVENT_DATA)[Type]>;

interface EventInput {
  readonly type: EventType;
  /**
   * Stripe's id of what the event is about, or the id of the operation that caused it. The event's id is made from type
   * and subject, so one fact is one event. null: the event has a random id. Then the caller must write the event only if
   * it makes the change that the event reports (`outboxIfChangedStatements`).
   */
  readonly subject: string | null;
  /** null: the event is not about a payment. */
  readonly paymentId: number | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * An event with the exact body that every delivery sends. Writes nothing: the caller adds the event to the batch of the
 * change that the event reports (`outboxStatements` in db/outbox.ts).
 */
export async function composeEvent(context: EventContext, input: EventInput): Promise<Event> {
  const { type, subject, paymentId, data } = input;
  const workspaceId = context.workspace.id;
  const { shard } = context;
  const id = subject === null ? newEventId(shard) : await eventIdFor(shard, workspaceId, type, subject);
  const now = context.now();
  const body = JSON.stringify({ id, type, created_at: toRfc3339(now), tenant_id: workspaceId, data });
  return { id, workspaceId, type, paymentId, body, createdAt: now };
}

/** The `data` of the events about a payment's status. */
export function paymentData(payment: PaymentView): DataOf<'payments.payment.succeeded'> {
  return {
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    reference: payment.reference,
    customer_email: payment.customerEmail,
    stripe_session_id: payment.stripeSessionId,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
}

/** The `data` of the event about a refund that succeeded. `payment.refundedMinor`: the sum of the refunds up to this one. */
export function refundedData(payment: PaymentView, refund: RefundFacts): DataOf<'payments.payment.refunded'> {
  return { ...aboutRefund(payment, refund), ...aboutRefundedPayment(payment) };
}

/** The `data` of the event about a refund that failed. `payment.refundedMinor`: the sum of the refunds that still count. */
export function refundFailedData(
  payment: PaymentView,
  refund: RefundFacts & { readonly status: 'failed' | 'canceled' },
): DataOf<'payments.refund.failed'> {
  const { status, failureReason: failure_reason } = refund;
  return { ...aboutRefund(payment, refund), status, failure_reason, ...aboutRefundedPayment(payment) };
}

function aboutRefund(payment: PaymentView, refund: RefundFacts) {
  return {
    payment_id: payment.id,
    refund_id: refund.stripeRefundId,
    amount_cents: refund.amountMinor,
    currency: refund.currency,
    reason: refund.reason,
    payment_amount_cents: payment.amountMinor,
    refunded_cents: payment.refundedMinor,
  };
}

function aboutRefundedPayment(payment: PaymentView) {
  return {
    reference: payment.reference,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
}

/** The `data` of the events about a dispute. */
export function disputeData(payment: PaymentView, dispute: StripeDispute): DataOf<'payments.dispute.opened'> {
  return {
    payment_id: payment.id,
    dispute_id: dispute.id,
    amount_cents: dispute.amountMinor,
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    reference: payment.reference,
    stripe_payment_intent_id: payment.stripePaymentIntentId,
    payment_link_id: payment.paymentLinkToken,
  };
}

/** The `data` of the event about a link that has taken all its payments. */
export function soldOutData(
  link: Pick<PaymentLink, 'token' | 'title'> & { readonly maxPayments: number },
): DataOf<'payments.link.exhausted'> {
  return { payment_link_id: link.token, title: link.title, max_payments: link.maxPayments };
}

/** The `data` of the event about a connected account's new state. */
export function accountData(account: ConnectedAccount): DataOf<'payments.account.updated'> {
  return {
    stripe_account_id: account.stripeAccountId,
    state: accountState(account),
    charges_enabled: canCharge(account),
    payouts_enabled: paysOut(account),
    details_submitted: account.detailsSubmitted,
    connected: account.disconnectedAt === null,
    requirements: account.requirements.map((requirement) => ({
      what: requirement.what,
      due_at: requirement.dueAt === null ? null : toRfc3339(requirement.dueAt),
      awaiting: requirement.awaiting,
      message: requirementMessage(requirement),
    })),
  };
}

/** The `data` of the event about a disabled endpoint. `reason`: a sentence for the merchant. */
export function disabledEndpointData(
  { id, url, failingSince }: WebhookEndpoint,
  reason: string,
): DataOf<'webhook.endpoint.disabled'> {
  const failing_since = failingSince === null ? null : toRfc3339(failingSince);
  return { webhook_endpoint_id: id, url, reason, failing_since };
}

/** The `data` of a `webhook.ping` event. */
export function pingData(endpointId: string): DataOf<'webhook.ping'> {
  return { webhook_endpoint_id: endpointId };
}
