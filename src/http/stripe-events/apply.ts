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
      return await recordDispute(context, fact.dispute);
    case 'account_updated':
      await syncAccount(context, fact.account.id);
      return { kind: 'applied' };
    case 'account_deauthorized':
      await disconnectAccount(context, event.account ?? '', event.createdAt);
      return { kind: 'applied' };
    case 'other':
      return { kind: 'foreign' };
  }
}

/** True where the object of the event carries our metadata. */
export function claimsToBeOurs(event: StripeEvent): boolean {
  const { fact } = event;
  if (fact.kind === 'session') return readClaim(fact.session.metadata).operationId !== null;
  if (fact.kind === 'charge_refunded') return readClaim(fact.charge.metadata).operationId !== null;
  return false;
}
