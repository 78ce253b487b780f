import type { ApiCall, Route } from '../api-call.ts';
import { isWithin, listed, listPage, rowOf } from '../lists.ts';
import { createdRange, pageShape, parameters, parseParameters, text } from '../parameters.ts';

const intentListSchema = parameters({ ...pageShape, created: createdRange.optional() });
const chargeListSchema = parameters({
  ...pageShape,
  created: createdRange.optional(),
  payment_intent: text().optional(),
});
const retrieveIntentSchema = parameters({ client_secret: text().optional() });

function retrieveIntent({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(retrieveIntentSchema, params);
  return rowOf(simulation.state.paymentIntents, scope, path.id ?? '', 'payment_intent', 'intent').object;
}

function listIntents(call: ApiCall): object {
  const input = parseParameters(intentListSchema, call.params);
  const intents = listed(call, call.simulation.state.paymentIntents).filter((intent) =>
    isWithin(intent.created, input.created),
  );
  return listPage(intents, input, '/v1/payment_intents', 'payment_intent');
}

function retrieveCharge({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  return rowOf(simulation.state.charges, scope, path.id ?? '', 'charge').object;
}

function listCharges(call: ApiCall): object {
  const input = parseParameters(chargeListSchema, call.params);
  const charges = listed(call, call.simulation.state.charges).filter(
    (charge) =>
      isWithin(charge.created, input.created) &&
      (input.payment_intent === undefined || charge.payment_intent === input.payment_intent),
  );
  return listPage(charges, input, '/v1/charges', 'charge');
}

export const paymentRoutes: Route[] = [
  ['GET', '/v1/payment_intents', listIntents],
  ['GET', '/v1/payment_intents/:id', retrieveIntent],
  ['GET', '/v1/charges', listCharges],
  ['GET', '/v1/charges/:id', retrieveCharge],
];
