import type Stripe from 'stripe';
import * as z from 'zod';
import type { ApiCall, Route } from '../api-call.ts';
import { type Conditions, conditionsOf } from '../conditions.ts';
import { StripeFailure } from '../failures.ts';
import { checkoutFragment } from '../ids.ts';
import { isWithin, listed, listPage, rowOf } from '../lists.ts';
import { createdRange, pageShape, parameters, parseParameters, text } from '../parameters.ts';
import { nowSeconds } from '../simulation.ts';
import type { StoredSession } from '../state.ts';
import { connectedAccount } from './accounts.ts';
import { newStoredSession } from './checkout-session-object.ts';
import { parseNewSession } from './checkout-session-parameters.ts';
import { expireSession } from './payments.ts';

const listSchema = parameters({
  ...pageShape,
  created: createdRange.optional(),
  payment_intent: text().optional(),
  status: z.enum(['complete', 'expired', 'open']).optional(),
});

function createSession(call: ApiCall): object {
  const { simulation, scope } = call;
  const created = nowSeconds(simulation);
  const input = parseNewSession(call.params, created);
  if (scope.account !== null) refuseAccount(call, connectedAccount(simulation, scope.livemode, scope.account).object);
  const { checkout_origin: origin, checkout_fragment: length } = conditionsOf(call);
  const checkout = { origin: (origin ?? simulation.baseUrl).replace(/\/$/, ''), fragment: checkoutFragment(length) };
  const stored = newStoredSession(scope, input, created, checkout);
  simulation.state.sessions.set(stored.object.id, stored);
  simulation.changed();
  return stored.object;
}

/** Refusals for which Stripe gives neither a code nor a parameter, in Stripe's words as public reports quote them. */
const REFUSALS: Readonly<Record<NonNullable<Conditions['refuse_sessions']>, string>> = {
  capability: 'You cannot create a charge on a connected account without the `card_payments` capability enabled.',
  charges:
    'This Connect account cannot currently make charges. The `requirements.disabled_reason` property on the account will provide information about why this account is currently disabled.',
  country:
    'As per Indian regulations, only registered Indian businesses (i.e. sole proprietorships, limited liability partnerships and companies, but not individuals) can accept international payments. More info here: https://stripe.com/docs/india-exports',
  payment_methods:
    'No valid payment method types for this Checkout Session. Please ensure that you have activated payment methods compatible with your chosen currency in your dashboard (https://dashboard.stripe.com/settings/payment_methods) or specify `payment_method_types`.',
};
const NO_NAME =
  'In order to use Checkout, you must set an account or business name at https://dashboard.stripe.com/account.';

/** Refuses a session that the account's own settings do not allow. Throws StripeFailure 400 without code and parameter. */
function refuseAccount(call: ApiCall, account: Stripe.Account): void {
  const refused = accountRefusal(account) ?? conditionsOf(call).refuse_sessions;
  if (refused !== null) {
    const message = call.scope.livemode
      ? REFUSALS[refused].replace('make charges', 'make live charges')
      : REFUSALS[refused];
    throw new StripeFailure(message, { executed: true });
  }
  const name = account.business_profile?.name ?? account.settings?.dashboard.display_name;
  if (!name) throw new StripeFailure(NO_NAME, { executed: true });
}

/** An account that never requested card payments takes payments by other methods. */
function accountRefusal(account: Stripe.Account): Conditions['refuse_sessions'] {
  if (!account.charges_enabled) return 'charges';
  const cards = account.capabilities?.card_payments;
  return cards === undefined || cards === 'active' ? null : 'capability';
}

function findSession({ simulation, scope, path }: ApiCall): StoredSession {
  return rowOf(simulation.state.sessions, scope, path.id ?? '', 'checkout.session', 'session');
}

function retrieveSession(call: ApiCall): object {
  parseParameters(parameters({}), call.params);
  return findSession(call).object;
}

function listSessions(call: ApiCall): object {
  const input = parseParameters(listSchema, call.params);
  const sessions = listed(call, call.simulation.state.sessions).filter(
    (session) =>
      isWithin(session.created, input.created) &&
      (input.status === undefined || session.status === input.status) &&
      (input.payment_intent === undefined || session.payment_intent === input.payment_intent),
  );
  return listPage(sessions, input, '/v1/checkout/sessions', 'checkout.session');
}

function expire(call: ApiCall): object {
  parseParameters(parameters({}), call.params);
  const stored = findSession(call);
  const { status } = stored.object;
  if (status !== 'open') {
    const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${status}\`.`;
    throw new StripeFailure(message, { executed: true });
  }
  expireSession(call.simulation, stored, call.cause);
  return stored.object;
}

function listLineItems(call: ApiCall): object {
  const input = parseParameters(parameters(pageShape), call.params);
  const stored = findSession(call);
  return listPage(stored.lineItems, input, `/v1/checkout/sessions/${stored.object.id}/line_items`, 'item');
}

export const checkoutSessionRoutes: Route[] = [
  ['POST', '/v1/checkout/sessions', createSession],
  ['GET', '/v1/checkout/sessions', listSessions],
  ['GET', '/v1/checkout/sessions/:id', retrieveSession],
  ['POST', '/v1/checkout/sessions/:id/expire', expire],
  ['GET', '/v1/checkout/sessions/:id/line_items', listLineItems],
];
