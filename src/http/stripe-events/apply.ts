import { logLine } from '../../core/log.ts';
import { readClaim } from '../../domain/checkout/metadata.ts';
import { recordDispute } from '../../domain/checkout/record-dispute.ts';
import { recordRefund, recordRefundsOfCharge } from '../../domain/checkout/record-refunds.ts';
import { type SettleResult, settlePayment } from '../../domain/checkout/settle-payment.ts';
import { disconnectAccount, syncAccount } from '../../domain/connect/sync-account.ts';
import type { Context } from '../../domain/context.ts';
import type { StripeEvent } from '../../stripe/events.ts';

/** Hands a verified Stripe event to the verb that takes over Stripe's word on it. */
export async function applyStripeEvent(context: Context, event: StripeEvent): Promise<SettleResult> {
  const { fact } = event;
  switch (fact.kind) {
    case 'session':
      return await settlePayment(context, { ...fact, stripeEvent: event });
    case 'charge_refunded':
      return await recordRefundsOfCharge(context, fact.charge);
    case 'refund':
      return await recordRefund(context, fact.refund);
    case 'dispute':
      return await recordDispute(context, fact.dispute, event.createdAt);
    case 'account_updated':
      await syncAccount(context, fact.account.id);
      return { kind: 'applied' };
    case 'account_deauthorized':
      await disconnectAccount(context, event.account ?? '', event.createdAt);
      return { kind: 'applied' };
    case 'misshapen':
      logLine('error', 'stripe event of unexpected shape', {
        request_id: context.requestId,
        stripe_event: event.id,
        type: event.type,
        faults: fact.faults,
      });
      return { kind: 'refused', reason: 'unexpected_shape' };
    case 'other':
      return { kind: 'foreign' };
  }
}

/** True where the object of the event carries our metadata. */
export function claimsToBeOurs({ fact }: StripeEvent): boolean {
  switch (fact.kind) {
    case 'session':
      return readClaim(fact.session.metadata).operationId !== null;
    case 'charge_refunded':
      return readClaim(fact.charge.metadata).operationId !== null;
    case 'misshapen':
      return readClaim(fact.metadata).operationId !== null;
    default:
      return false;
  }
}
