import { tracesOf } from './convert.ts';
import type { StripeFact } from './gateway.ts';

/** What the types of Stripe events that name an object are about. `atBest`: see `OutdatedFact`. */
const NAMED = new Map([
  ['checkout.session.completed', { object: 'session', atBest: 'succeeded' }],
  ['checkout.session.async_payment_succeeded', { object: 'session', atBest: 'succeeded' }],
  ['checkout.session.async_payment_failed', { object: 'session', atBest: 'failed' }],
  ['checkout.session.expired', { object: 'session', atBest: 'expired' }],
  ['charge.refunded', { object: 'charge' }],
  ['charge.refund.updated', { object: 'refund' }],
  ['refund.created', { object: 'refund' }],
  ['refund.updated', { object: 'refund' }],
  ['refund.failed', { object: 'refund' }],
  ['charge.dispute.created', { object: 'dispute' }],
  ['charge.dispute.updated', { object: 'dispute' }],
  ['charge.dispute.closed', { object: 'dispute' }],
] as const);

/** What an event about a capability says. Only card payments decide whether an account is charged on. */
export function capabilityFact(object: unknown): StripeFact {
  return { kind: tracesOf(object).id === 'card_payments' ? 'account_updated' : 'other' };
}

/**
 * What an event says whose object has the shape of another API version than ours: only which object it is about. An
 * object without an id is `misshapen`.
 */
export function outdatedFact(type: string, object: unknown): StripeFact {
  if (type === 'account.application.deauthorized') return { kind: 'account_deauthorized' };
  if (type === 'account.updated') return { kind: 'account_updated' };
  if (type === 'capability.updated') return capabilityFact(object);
  const named = [...NAMED].find(([name]) => name === type)?.[1];
  if (!named) return { kind: 'other' };
  const traces = tracesOf(object);
  const { id } = traces;
  if (id === null) return { kind: 'misshapen', faults: ['data.object.id: missing'], traces };
  return { kind: 'outdated', id, traces, ...named };
}
