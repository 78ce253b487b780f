import { unavailable } from '../core/errors.ts';
import type { Operation } from './idempotency-store.ts';
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
 * Calls the gate; when the object was moved or restarted under the call, calls the new one once. Safe because every
 * method is repeatable (a repeated `admit` counts once more in the rate window, nothing else). Each throws
 * `service_unavailable` where the gate cannot be reached.
 */
export function gateOf(namespace: DurableObjectNamespace<WorkspaceGate>, workspaceId: string): Gate {
  const call = async <T>(method: (stub: DurableObjectStub<WorkspaceGate>) => Promise<T>): Promise<T> => {
    try {
      return await method(namespace.getByName(workspaceId)).catch((error) => {
        if (!isRetryable(error)) throw error;
        return method(namespace.getByName(workspaceId));
      });
    } catch (error) {
      throw unavailable('This service is briefly unavailable. Send the same request again.', error, 1);
    }
  };
  return {
    admit: (input) => call(async (stub) => await stub.admit(input)),
    finish: (input) => call(async (stub) => await stub.finish(input)),
    nextAttempt: (scope, operationId, attempt) =>
      call(async (stub) => await stub.nextAttempt(scope, operationId, attempt)),
  };
}
