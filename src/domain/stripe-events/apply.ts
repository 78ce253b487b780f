import { logLine } from '../../core/log.ts';
import { findPaymentBySession, mayBecome, type PaymentView } from '../../db/payments.ts';
import { isStripeObjectStored } from '../../db/stripe-events.ts';
import { type OutdatedFact, type StripeEvent, StripeFailure } from '../../stripe/gateway.ts';
import { recordDeauthorization, syncAccount } from '../accounts/sync-account.ts';
import type { Context } from '../context.ts';
import { recordDispute } from '../payments/record-dispute.ts';
import { recordRefund, recordRefundsOfCharge } from '../payments/record-refunds.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import type { SettleResult } from '../payments/settle-result.ts';
import { operationIdOf } from './find-owner.ts';

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
      await syncAccount(context, event.account ?? '');
      return { kind: 'applied' };
    case 'account_deauthorized':
      await recordDeauthorization(context, { id: event.account ?? '', asOf: event.createdAt });
      return { kind: 'applied' };
    case 'misshapen':
      return await judgeMisshapen(context, event, fact);
    case 'outdated':
      return await applyOutdated(context, { event, fact, payment });
    case 'other':
      return { kind: 'foreign' };
  }
}

interface Outdated {
  readonly event: StripeEvent;
  readonly fact: OutdatedFact;
  readonly payment: PaymentView | null | undefined;
}

/**
 * Applies an event of another API version: reads its object from Stripe in our version, where the event concerns us and
 * may say something new. Returns `refused` if Stripe does not have the object.
 */
async function applyOutdated(context: Context, { event, fact, payment: known }: Outdated): Promise<SettleResult> {
  const isRead = fact.object !== 'session' || known !== undefined;
  const payment = isRead ? known : await findPaymentBySession(context.database, fact.id);
  if (fact.object === 'session' && payment && !mayBecome(payment.status, fact.atBest)) return { kind: 'unchanged' };
  if (!payment && operationIdOf(event) === null && !(await mayConcernUs(context, fact))) return { kind: 'foreign' };
  const current = await readNamedObject(context, event.account ?? '', fact);
  if (!current) return { kind: 'refused', reason: 'object_unreadable' };
  return await applyStripeEvent(context, { event: { ...event, fact: current }, payment });
}

/**
 * False if an object without our metadata, whose session is not stored, is not ours for certain. An old refund or
 * dispute may lack the payment intent that would tell.
 */
async function mayConcernUs({ database }: Context, { object, traces }: OutdatedFact): Promise<boolean> {
  if (object === 'session') return false;
  return traces.paymentIntentId === null || (await isStripeObjectStored(database, traces));
}

/** The object of an event, read from Stripe now. null: the account does not have it. Throws StripeFailure. */
async function readNamedObject(
  { stripe }: Context,
  account: string,
  fact: OutdatedFact,
): Promise<StripeEvent['fact'] | null> {
  const { id } = fact;
  try {
    switch (fact.object) {
      case 'session': {
        const session = await stripe.retrieveCheckoutSession(account, id);
        return { kind: 'session', session, asyncPaymentFailed: session.paymentFailed };
      }
      case 'charge':
        return { kind: 'charge_refunded', charge: await stripe.retrieveCharge(account, id) };
      case 'refund':
        return { kind: 'refund', refund: await stripe.retrieveRefund(account, id) };
      case 'dispute':
        return { kind: 'dispute', dispute: await stripe.retrieveDispute(account, id) };
    }
  } catch (error) {
    if (error instanceof StripeFailure && error.kind === 'not_found') return null;
    throw error;
  }
}

type Misshapen = Extract<StripeEvent['fact'], { kind: 'misshapen' }>;

/** Returns `refused` for an event with our metadata or a stored id; else `foreign`. */
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
  const isOurs = operationIdOf(event) !== null || (await isStripeObjectStored(context.database, traces));
  return isOurs ? { kind: 'refused', reason: 'unexpected_shape' } : { kind: 'foreign' };
}
