import type { Simulation } from './simulation.ts';
import { accountKey, type Scope, type WireEvent } from './state.ts';

/** Members that objects did not have in old API versions (docs.stripe.com/upgrades), by the object's type. */
const LATER_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  'checkout.session': [
    'status',
    'payment_status',
    'amount_total',
    'currency',
    'expires_at',
    'customer_details',
    'created',
  ],
  charge: ['amount_captured', 'payment_intent'],
  refund: ['payment_intent', 'status'],
  dispute: ['payment_intent', 'payment_method_details'],
  account: ['charges_enabled', 'details_submitted', 'requirements'],
};

/** The first version with `refund.…` events about refunds of a charge, and what such an event was before. null: nothing. */
const REFUND_EVENTS_SINCE = '2024-10-28';
const EARLIER_TYPES: Readonly<Record<string, string | null>> = {
  'refund.created': null,
  'refund.updated': 'charge.refund.updated',
  'refund.failed': null,
};

/**
 * An event as `GET /v1/events` lists it: in the API version of its account. In an old version, members that came later
 * are missing, and a charge has its list of refunds (docs.stripe.com/changelog, 2022-11-15). null: that version has no
 * such event (docs.stripe.com/changelog/acacia/2024-10-28/refund-webhook-update).
 */
export function inVersionOfAccount(simulation: Simulation, scope: Scope, event: WireEvent): WireEvent | null {
  const account =
    scope.account === null ? null : simulation.state.accounts.get(accountKey(scope.livemode, scope.account));
  const version = account?.apiVersion ?? null;
  const { object } = event.data;
  if (version === null || typeof object !== 'object' || object === null) return event;
  const { type: now } = event;
  const eventType = version < REFUND_EVENTS_SINCE && now in EARLIER_TYPES ? EARLIER_TYPES[now] : now;
  if (!eventType) return null;
  const type = 'object' in object ? String(object.object) : '';
  const later = LATER_MEMBERS[type] ?? [];
  const kept = Object.fromEntries(Object.entries(object).filter(([name]) => !later.includes(name)));
  const refunds =
    type === 'charge' ? { refunds: { object: 'list', data: [], has_more: false, url: '/v1/refunds' } } : {};
  return { ...event, type: eventType, api_version: version, data: { ...event.data, object: { ...kept, ...refunds } } };
}
