import { newId } from './ids.ts';
import { API_VERSION, nowSeconds, type Simulation } from './simulation.ts';
import { accountKey, type Scope, type WireEvent } from './state.ts';

/** The API request that caused a change; both members are null if a person or the clock caused it. */
export interface Cause {
  requestId: string | null;
  idempotencyKey: string | null;
}

export const NO_CAUSE: Cause = { requestId: null, idempotencyKey: null };

/** A change that becomes an event, with the object as it was at that moment. */
export interface Happening {
  type: string;
  object: unknown;
  previous?: unknown;
}

/** A change with a copy of the object as it is now. */
export function happened(type: string, object: unknown, previous?: unknown): Happening {
  return { type, object: structuredClone(object), ...(previous === undefined ? {} : { previous }) };
}

/** Records the events of one action. If the account is connected, also sends them to the platform. */
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
