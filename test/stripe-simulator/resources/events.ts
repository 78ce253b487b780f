import type { ApiCall, Route } from '../api-call.ts';
import { StripeFailure } from '../failures.ts';
import { isWithin, listed, listPage, rowOf } from '../lists.ts';
import { inVersionOfAccount } from '../old-version.ts';
import { createdRange, list, pageShape, parameters, parseParameters, text } from '../parameters.ts';

const MAX_TYPES = 20;

const listSchema = parameters({
  ...pageShape,
  created: createdRange.optional(),
  type: text().optional(),
  types: list(text()).optional(),
});

/** The events of one account, newest first (docs.stripe.com/api/events/list). */
function listEvents(call: ApiCall): object {
  const input = parseParameters(listSchema, call.params);
  if (input.type !== undefined && input.types !== undefined) {
    throw new StripeFailure('You may specify only one of these parameters: type, types.', { param: 'type' });
  }
  if (input.types !== undefined && input.types.length > MAX_TYPES) {
    throw new StripeFailure(`You may specify at most ${MAX_TYPES} types.`, { param: 'types' });
  }
  const types = input.types ?? (input.type === undefined ? null : [input.type]);
  const events = listed(call, call.simulation.state.events)
    .filter((event) => isWithin(event.created, input.created))
    .flatMap((event) => inVersionOfAccount(call.simulation, call.scope, event) ?? [])
    .filter((event) => types === null || types.some((type) => matches(event.type, type)));
  return listPage(events, input, '/v1/events', 'event');
}

/** `charge.*` matches every type below `charge`. */
function matches(type: string, wanted: string): boolean {
  return wanted.endsWith('.*') ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

function retrieveEvent({ simulation, scope, path, params }: ApiCall): object {
  parseParameters(parameters({}), params);
  const { object } = rowOf(simulation.state.events, scope, path.id ?? '', 'event');
  return inVersionOfAccount(simulation, scope, object) ?? object;
}

export const eventRoutes: Route[] = [
  ['GET', '/v1/events', listEvents],
  ['GET', '/v1/events/:id', retrieveEvent],
];
