import { newId } from './ids.ts';
import { API_VERSION, nowSeconds, type Simulation } from './simulation.ts';
import { accountKey, type Scope, type WireEvent } from './state.ts';

/** The API request that made something happen; both null when a person or the clock did. */
export interface Cause {
  requestId: string | null;
  idempotencyKey: string | null;
}

export const NO_CAUSE: Cause = { requestId: null, idempotencyKey: null };

/** Something that happened, with the object as it was at that moment. */
export interface Happening {
  type: string;
  object: unknown;
  previous?: unknown;
}

/** A happening with a copy of the object as it is now. */
export function happened(type: string, object: unknown, previous?: unknown): Happening {
  return { type, object: structuredClone(object), ...(previous === undefined ? {} : { previous }) };
}

/** Records the events of one action and, while the account is connected, sends them to the platform. */
export function announce(simulation: Simulation, scope: Scope, cause: Cause, happenings: Happening[]): void {
  const events = happenings.map((happening) => toEvent(simulation, scope, cause, happening));
  for (const object of events) simulation.state.events.set(object.id, { ...scope, object });
  const account = scope.account;
  const connected = account !== null && simulation.state.accounts.get(accountKey(scope.livemode, account))?.connected;
  if (connected) simulation.delivery.dispatch(account, events);
  simulation.changed();
}

function toEvent(simulation: Simulation, scope: Scope, cause: Cause, happening: Happening): WireEvent {
  return {
    id: newId('evt'),
    object: 'event',
    ...(scope.account === null ? {} : { account: scope.account }),
    api_version: API_VERSION,
    created: nowSeconds(simulation),
    data: {
      object: happening.object,
      ...(happening.previous === undefined ? {} : { previous_attributes: happening.previous }),
    },
    livemode: scope.livemode,
    pending_webhooks: scope.account === null ? 0 : scope.livemode ? 1 : 2,
    request: { id: cause.requestId, idempotency_key: cause.idempotencyKey },
    type: happening.type,
  };
}
