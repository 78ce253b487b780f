import type Stripe from 'stripe';
import { announce, happened, NO_CAUSE } from '../announce.ts';
import type { ApiCall, Route } from '../api-call.ts';
import { newId } from '../ids.ts';
import { rowOf } from '../lists.ts';
import { parameters, parseParameters } from '../parameters.ts';
import { nowSeconds, type Simulation } from '../simulation.ts';
import type { Stored } from '../state.ts';

const RESPONSE_SECONDS = 9 * 24 * 60 * 60;

/** The buyer's bank disputes a charge (docs.stripe.com/api/disputes/object). */
export function openDispute(
  simulation: Simulation,
  stored: Stored<Stripe.Charge>,
  status: Stripe.Dispute['status'],
): Stripe.Dispute {
  const charge = stored.object;
  const dispute = newDispute(charge, status, nowSeconds(simulation));
  const { livemode, account } = stored;
  charge.disputed = true;
  simulation.state.disputes.set(dispute.id, { livemode, account, object: dispute });
  announce(simulation, stored, NO_CAUSE, [happened('charge.dispute.created', dispute)]);
  return dispute;
}

/** How the bank decides the dispute. */
export function closeDispute(simulation: Simulation, stored: Stored<Stripe.Dispute>, status: 'lost' | 'won'): void {
  const previous = { status: stored.object.status };
  stored.object.status = status;
  announce(simulation, stored, NO_CAUSE, [happened('charge.dispute.closed', stored.object, previous)]);
}

function newDispute(charge: Stripe.Charge, status: Stripe.Dispute['status'], created: number): Stripe.Dispute {
  return {
    id: newId('dp'),
    object: 'dispute',
    amount: charge.amount,
    balance_transactions: [],
    charge: charge.id,
    created,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: emptyEvidence(charge.billing_details.email),
    evidence_details: {
      due_by: created + RESPONSE_SECONDS,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'manual',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: charge.livemode,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: { brand: 'visa', case_type: 'chargeback', network: 'visa', network_reason_code: '10.4' },
      type: 'card',
    },
    reason: 'fraudulent',
    status,
  };
}

function emptyEvidence(email: string | null): Stripe.Dispute.Evidence {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: email,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  };
}

function retrieveDispute({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  return rowOf(simulation.state.disputes, scope, path.id ?? '', 'dispute').object;
}

export const disputeRoutes: Route[] = [['GET', '/v1/disputes/:id', retrieveDispute]];
