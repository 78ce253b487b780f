import type Stripe from 'stripe';
import * as z from 'zod';
import { announce, type Cause, happened } from '../announce.ts';
import type { ApiCall, Route } from '../api-call.ts';
import { StripeFailure } from '../failures.ts';
import { newId } from '../ids.ts';
import { isWithin, listPage, newestFirst, rowOf } from '../lists.ts';
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

/** The bank sends the money back: the refund fails later, and the amount can be refunded again. */
export function failRefund(simulation: Simulation, stored: Stored<Stripe.Refund>, cause: Cause): void {
  const refund = stored.object;
  const previous = { status: refund.status };
  refund.status = 'failed';
  refund.failure_reason = 'unknown';
  refund.failure_balance_transaction = newId('txn');
  const charge = simulation.state.charges.get(String(refund.charge))?.object;
  if (charge) {
    charge.amount_refunded -= refund.amount;
    charge.refunded = false;
    showOnCharge(charge, refund);
  }
  announce(simulation, stored, cause, [
    happened('refund.updated', refund, previous),
    happened('refund.failed', refund),
  ]);
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

function listRefunds({ simulation, scope, params }: ApiCall): object {
  const input = parseParameters(listSchema, params);
  const refunds = newestFirst(simulation.state.refunds, scope).filter(
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
