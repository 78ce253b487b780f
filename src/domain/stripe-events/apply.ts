import { logLine } from '../../core/log.ts';
import type { PaymentView } from '../../db/payments.ts';
import { isStripeObjectStored } from '../../db/stripe-events.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import { disconnectAccount, syncAccount } from '../accounts/sync-account.ts';
import type { Context } from '../context.ts';
import { readClaim } from '../payments/metadata.ts';
import { recordDispute } from '../payments/record-dispute.ts';
import { recordRefund, recordRefundsOfCharge } from '../payments/record-refunds.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import type { SettleResult } from '../payments/settle-result.ts';

/**
 * Calls the use case for a Stripe event. `payment`: of the event's session. null: none is stored. undefined: not read.
 */
export async function applyStripeEvent(
  context: Context,
  { event, payment }: { readonly event: StripeEvent; readonly payment: PaymentView | null | undefined },
): Promise<SettleResult> {
  const { fact } = event;
  switch (fact.kind) {
    case 'session':
      return await settlePayment(context, { ...fact, payment });
    case 'charge_refunded':
      return await recordRefundsOfCharge(context, fact.charge);
    case 'refund':
      return await recordRefund(context, fact.refund);
    case 'dispute':
      return await recordDispute(context, { ...fact.dispute, asOf: event.createdAt });
    case 'account_updated':
      await syncAccount(context, fact.account.id);
      return { kind: 'applied' };
    case 'account_deauthorized':
      await disconnectAccount(context, { id: event.account ?? '', asOf: event.createdAt });
      return { kind: 'applied' };
    case 'misshapen':
      return await judgeMisshapen(context, event, fact);
    case 'other':
      return { kind: 'foreign' };
  }
}

type Misshapen = Extract<StripeEvent['fact'], { kind: 'misshapen' }>;

/** Returns `refused` for `account.updated` and for an event with our metadata or a stored id; else `foreign`. */
async function judgeMisshapen(
  context: Context,
  event: StripeEvent,
  { faults, traces }: Misshapen,
): Promise<SettleResult> {
  logLine('error', 'stripe event of unexpected shape', {
    request_id: context.requestId,
    stripe_event: event.id,
    type: event.type,
    faults,
  });
  const isOurs =
    event.type === 'account.updated' || claimsToBeOurs(event) || (await isStripeObjectStored(context.database, traces));
  return isOurs ? { kind: 'refused', reason: 'unexpected_shape' } : { kind: 'foreign' };
}

/** True if the Stripe object in the event has metadata that this service wrote. */
export function claimsToBeOurs({ fact }: StripeEvent): boolean {
  switch (fact.kind) {
    case 'session':
      return readClaim(fact.session.metadata).operationId !== null;
    case 'charge_refunded':
      return readClaim(fact.charge.metadata).operationId !== null;
    case 'refund':
      return readClaim(fact.refund.metadata).operationId !== null;
    case 'misshapen':
      return readClaim(fact.traces.metadata).operationId !== null;
    default:
      return false;
  }
}
