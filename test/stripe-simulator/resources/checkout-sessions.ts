import * as z from 'zod';
import type { ApiCall, Route } from '../api-call.ts';
import { StripeFailure } from '../failures.ts';
import { isWithin, listPage, newestFirst, rowOf } from '../lists.ts';
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
  if (scope.account !== null) requireChargesEnabled(call, scope.account);
  const stored = newStoredSession(scope, input, created, simulation.baseUrl);
  simulation.state.sessions.set(stored.object.id, stored);
  simulation.changed();
  return stored.object;
}

function requireChargesEnabled({ simulation, scope }: ApiCall, accountId: string): void {
  if (connectedAccount(simulation, scope.livemode, accountId).object.charges_enabled) return;
  const mode = scope.livemode ? 'live ' : '';
  const message = `This Connect account cannot currently make ${mode}charges. The \`requirements.disabled_reason\` property on the account says why.`;
  throw new StripeFailure(message, { executed: true });
}

function findSession({ simulation, scope, path }: ApiCall): StoredSession {
  return rowOf(simulation.state.sessions, scope, path.id ?? '', 'checkout.session', 'session');
}

function retrieveSession(call: ApiCall): object {
  parseParameters(parameters({}), call.params);
  return findSession(call).object;
}

function listSessions({ simulation, scope, params }: ApiCall): object {
  const input = parseParameters(listSchema, params);
  const sessions = newestFirst(simulation.state.sessions, scope).filter(
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
