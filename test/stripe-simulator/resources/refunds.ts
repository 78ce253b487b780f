import type Stripe from 'stripe';
import * as z from 'zod';
import { announce, happened, NO_CAUSE } from '../announce.ts';
import type { ApiCall, Route } from '../api-call.ts';
import { conditionsOf } from '../conditions.ts';
import { StripeFailure } from '../failures.ts';
import { newId } from '../ids.ts';
import { isWithin, listed, listPage, rowOf } from '../lists.ts';
import { createdRange, integer, metadata, pageShape, parameters, parseParameters, text } from '../parameters.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import type { Stored } from '../state.ts';

const createSchema = parameters({
  amount: integer(1).optional(),
  charge: text().optional(),
  payment_intent: text().optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
  metadata: metadata().default({}),
});

const listSchema = parameters({
  ...pageShape,
  created: createdRange.optional(),
  charge: text().optional(),
  payment_intent: text().optional(),
});

function createRefund(call: ApiCall): object {
  const input = parseParameters(createSchema, call.params);
  const charge = chargeToRefund(call, input);
  const left = charge.amount - charge.amount_refunded;
  if (left === 0) {
    const message = `Charge ${charge.id} has already been refunded.`;
    throw new StripeFailure(message, { code: 'charge_already_refunded', executed: true });
  }
  const amount = input.amount ?? left;
  if (amount > left) {
    const message = `Refund amount (${amount} ${charge.currency} in minor units) is greater than unrefunded amount on charge (${left}).`;
    throw new StripeFailure(message, { param: 'amount', executed: true });
  }
  const refund = newRefund(charge, amount, input.reason ?? null, input.metadata, nowSeconds(call.simulation));
  refund.status = conditionsOf(call).refund_status;
  setPendingReason(refund);
  charge.amount_refunded += amount;
  charge.refunded = charge.amount_refunded === charge.amount;
  showOnCharge(charge, refund);
  const { simulation, scope } = call;
  simulation.state.refunds.set(refund.id, { ...scope, object: refund });
  announce(simulation, scope, call.cause, [happened('refund.created', refund), happened('charge.refunded', charge)]);
  return refund;
}

function chargeToRefund(
  { simulation, scope }: ApiCall,
  input: { charge?: string | undefined; payment_intent?: string | undefined },
): Stripe.Charge {
  if ((input.charge === undefined) === (input.payment_intent === undefined)) {
    throw new StripeFailure('Provide exactly one of these params: payment_intent or charge.', {
      code: 'parameter_missing',
      param: 'payment_intent',
    });
  }
  const { charges, paymentIntents } = simulation.state;
  const intent =
    input.payment_intent === undefined
      ? null
      : rowOf(paymentIntents, scope, input.payment_intent, 'payment_intent', 'payment_intent').object;
  const id = input.charge ?? intent?.latest_charge;
  const charge = typeof id === 'string' ? rowOf(charges, scope, id, 'charge', 'charge').object : null;
  if (charge?.status === 'succeeded') return charge;
  const subject = intent ? `This PaymentIntent (${intent.id})` : `This charge (${input.charge})`;
  throw new StripeFailure(`${subject} does not have a successful charge to refund.`, { executed: true });
}

function newRefund(
  charge: Stripe.Charge,
  amountMinor: number,
  reason: Stripe.Refund['reason'],
  meta: Record<string, string>,
  created: number,
): Stripe.Refund {
  return {
    id: newId('re'),
    object: 'refund',
    amount: amountMinor,
    balance_transaction: newId('txn'),
    charge: charge.id,
    created,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: meta,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  };
}

/** The statuses that a refund can be moved to after it was made. */
export const REFUND_MOVES = ['canceled', 'failed', 'pending', 'requires_action', 'succeeded'] as const;
type RefundMove = (typeof REFUND_MOVES)[number];

/** Why a refund failed (docs.stripe.com/api/refunds/object#refund_object-failure_reason). */
export const REFUND_FAILURES = [
  'charge_for_pending_refund_disputed',
  'declined',
  'expired_or_canceled_card',
  'insufficient_funds',
  'lost_or_stolen_card',
  'merchant_request',
  'unknown',
] as const;

/** True where Stripe has such a step: an ended refund stays as it is, but a succeeded one can still fail. */
export function canBecome(refund: Stripe.Refund, status: RefundMove): boolean {
  if (refund.status === 'succeeded') return status === 'failed';
  return (refund.status === 'pending' || refund.status === 'requires_action') && refund.status !== status;
}

/**
 * Moves a refund on, as the bank or the buyer does. The amount of a failed or canceled one can be refunded again.
 * Source: docs.stripe.com/refunds#failed-refunds.
 */
export function updateRefundStatus(
  simulation: Simulation,
  stored: Stored<Stripe.Refund>,
  status: RefundMove,
  failureReason: string,
): void {
  const refund = stored.object;
  const previous = { status: refund.status };
  refund.status = status;
  setPendingReason(refund);
  const returned = status === 'failed' || status === 'canceled';
  if (status === 'failed') refund.failure_reason = failureReason;
  if (returned) refund.failure_balance_transaction = newId('txn');
  const charge = simulation.state.charges.get(String(refund.charge))?.object;
  if (charge && returned) {
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
  }
  if (charge) showOnCharge(charge, refund);
  announce(simulation, stored, NO_CAUSE, [
    happened('refund.updated', refund, previous),
    ...(status === 'failed' ? [happened('refund.failed', refund)] : []),
  ]);
}

function setPendingReason(refund: Stripe.Refund): void {
  if (refund.status === 'pending') refund.pending_reason = 'processing';
  else delete refund.pending_reason;
}

/** Puts the current state of the refund into the charge's list, newest first. */
function showOnCharge(charge: Stripe.Charge, refund: Stripe.Refund): void {
  if (!charge.refunds) return;
  const others = charge.refunds.data.filter((other) => other.id !== refund.id);
  charge.refunds.data = [structuredClone(refund), ...others];
}

function retrieveRefund({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  return rowOf(simulation.state.refunds, scope, path.id ?? '', 'refund').object;
}

function updateRefund(call: ApiCall): object {
  const input = parseParameters(parameters({ metadata: metadata().optional() }), call.params);
  const refund = rowOf(call.simulation.state.refunds, call.scope, call.path.id ?? '', 'refund').object;
  const previous = { metadata: refund.metadata };
  refund.metadata = { ...refund.metadata, ...input.metadata };
  const charge = call.simulation.state.charges.get(String(refund.charge))?.object;
  if (charge) showOnCharge(charge, refund);
  announce(call.simulation, call.scope, call.cause, [happened('refund.updated', refund, previous)]);
  return refund;
}

function listRefunds(call: ApiCall): object {
  const input = parseParameters(listSchema, call.params);
  const refunds = listed(call, call.simulation.state.refunds).filter(
    (refund) =>
      isWithin(refund.created, input.created) &&
      (input.charge === undefined || refund.charge === input.charge) &&
      (input.payment_intent === undefined || refund.payment_intent === input.payment_intent),
  );
  return listPage(refunds, input, '/v1/refunds', 'refund');
}

export const refundRoutes: Route[] = [
  ['POST', '/v1/refunds', createRefund],
  ['GET', '/v1/refunds', listRefunds],
  ['GET', '/v1/refunds/:id', retrieveRefund],
  ['POST', '/v1/refunds/:id', updateRefund],
];
