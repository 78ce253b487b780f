import { unavailable } from '../core/errors.ts';
import type { Operation } from './idempotency-store.ts';
import type { EnterInput, EnterResult, LinkGate } from './link-gate.ts';
import type { Admission, AdmitInput, FinishInput, WorkspaceGate } from './workspace-gate.ts';

/** The gate of one workspace, as the middleware and the verbs use it. */
export interface Gate {
  admit(input: AdmitInput): Promise<Admission>;
  finish(input: FinishInput): Promise<void>;
  nextAttempt(scope: string, operationId: string, attempt: number): Promise<Operation | null>;
}

function isRetryable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const overloaded = 'overloaded' in error && error.overloaded === true;
  const retryable = 'retryable' in error && error.retryable === true;
  const reset = 'durableObjectReset' in error && error.durableObjectReset === true;
  return !overloaded && (retryable || reset);
}

/**
 * Calls an object; when it was moved or restarted under the call, calls the new one once. Safe because every method is
 * repeatable (a repeated count counts once more, nothing else). Throws `service_unavailable` where it cannot be reached.
 */
async function callObject<S, T>(stub: () => S, method: (stub: S) => Promise<T>): Promise<T> {
  try {
    return await method(stub()).catch((error) => {
      if (!isRetryable(error)) throw error;
      return method(stub());
    });
  } catch (error) {
    throw unavailable('This service is briefly unavailable. Send the same request again.', error, 1);
  }
}

/** The gate of a workspace. */
export function gateOf(namespace: DurableObjectNamespace<WorkspaceGate>, workspaceId: string): Gate {
  const stub = () => namespace.getByName(workspaceId);
  return {
    admit: (input) => callObject(stub, async (gate) => await gate.admit(input)),
    finish: (input) => callObject(stub, async (gate) => await gate.finish(input)),
    nextAttempt: (scope, operationId, attempt) =>
      callObject(stub, async (gate) => await gate.nextAttempt(scope, operationId, attempt)),
  };
}

/** The gate of one payment link, as the verbs use it. */
export interface LinkPlaces {
  enter(input: EnterInput): Promise<EnterResult>;
  hold(operationIds: readonly string[]): Promise<void>;
  release(operationIds: readonly string[]): Promise<void>;
  giveBack(operationIds: readonly string[]): Promise<void>;
  markPaid(operationIds: readonly string[]): Promise<number>;
}

/** The gate of a payment link. */
export function linkGateOf(namespace: DurableObjectNamespace<LinkGate>, token: string): LinkPlaces {
  const stub = () => namespace.getByName(token);
  return {
    enter: (input) => callObject(stub, async (gate) => await gate.enter(input)),
    hold: (ids) => callObject(stub, async (gate) => await gate.hold(ids)),
    release: (ids) => callObject(stub, async (gate) => await gate.release(ids)),
    giveBack: (ids) => callObject(stub, async (gate) => await gate.giveBack(ids)),
    markPaid: (ids) => callObject(stub, async (gate) => await gate.markPaid(ids)),
  };
}
