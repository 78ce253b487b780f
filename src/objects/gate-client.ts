import { unavailable } from '../core/errors.ts';
import type { LinkGate } from './link-gate.ts';
import { type AnsweredRequest, RECENT_REQUESTS, type RecentRequest } from './recent-requests.ts';
import type { Admission, AdmitInput, WorkspaceGate } from './workspace-gate.ts';

/** The gate of one workspace. Every call but `answered` throws `service_unavailable` where the gate cannot be reached. */
export interface Gate extends Pick<WorkspaceGate, 'finish' | 'nextAttempt' | 'lastUses'> {
  /** Counts a request and begins its idempotency key. The result says whether the request may run, and as which operation. */
  admit(input: Omit<AdmitInput, 'answered'>): Promise<Admission>;
  /** The workspace's last requests, the newest first, at most a hundred. */
  recentRequests(): Promise<RecentRequest[]>;
  /**
   * Remembers how a request without an idempotency key was answered. Makes no call: the next `admit` or
   * `recentRequests` of the workspace takes it to the gate. Never throws.
   */
  answered(request: AnsweredRequest): void;
}

/** The places of one payment link. Every call throws `service_unavailable` where the link's gate cannot be reached. */
export type LinkPlaces = Pick<
  LinkGate,
  'takePlace' | 'keepPlaces' | 'freeUnused' | 'freeEnded' | 'markPaid' | 'freePaid' | 'updateLimit'
>;

/** A client of the gate of a workspace. */
export function gateOf(namespace: DurableObjectNamespace<WorkspaceGate>, workspaceId: string): Gate {
  const stub = () => namespace.getByName(workspaceId);
  return {
    admit: (input) => {
      const admitted = { ...input, answered: takeUnreported(workspaceId) };
      return callObject(stub, async (gate) => await gate.admit(admitted));
    },
    finish: (input) => callObject(stub, async (gate) => await gate.finish(input)),
    nextAttempt: (key, operationId, attempt) =>
      callObject(stub, async (gate) => await gate.nextAttempt(key, operationId, attempt)),
    recentRequests: () => {
      const answered = takeUnreported(workspaceId);
      return callObject(stub, async (gate) => await gate.recentRequests(answered));
    },
    lastUses: () => callObject(stub, async (gate) => await gate.lastUses()),
    answered: (request) => keepUnreported(workspaceId, request),
  };
}

/** A client of the gate of a payment link. `token`: the link's token. */
export function linkGateOf(namespace: DurableObjectNamespace<LinkGate>, token: string): LinkPlaces {
  const stub = () => namespace.getByName(token);
  return {
    takePlace: (input) => callObject(stub, async (gate) => await gate.takePlace(input)),
    keepPlaces: (ids) => callObject(stub, async (gate) => await gate.keepPlaces(ids)),
    freeUnused: (ids) => callObject(stub, async (gate) => await gate.freeUnused(ids)),
    freeEnded: (ids) => callObject(stub, async (gate) => await gate.freeEnded(ids)),
    markPaid: (ids, stored) => callObject(stub, async (gate) => await gate.markPaid(ids, stored)),
    freePaid: (ids, stored) => callObject(stub, async (gate) => await gate.freePaid(ids, stored)),
    updateLimit: (limit, stored) => callObject(stub, async (gate) => await gate.updateLimit(limit, stored)),
  };
}

/**
 * Answered requests by workspace, kept until that workspace's next request. They are only in the memory of this
 * isolate: where it ends, or a call fails, some requests stay without a status (accepted risk).
 */
const unreported = new Map<string, AnsweredRequest[]>();
const MAX_WORKSPACES = 100;

function takeUnreported(workspaceId: string): readonly AnsweredRequest[] {
  const requests = unreported.get(workspaceId) ?? [];
  unreported.delete(workspaceId);
  return requests;
}

function keepUnreported(workspaceId: string, request: AnsweredRequest): void {
  const requests = [...takeUnreported(workspaceId), request].slice(-RECENT_REQUESTS);
  const [oldest] = unreported.keys();
  if (oldest !== undefined && unreported.size >= MAX_WORKSPACES) unreported.delete(oldest);
  unreported.set(workspaceId, requests);
}

/**
 * Calls a method of a Durable Object, and once more where the object was moved or restarted meanwhile. Every method is
 * repeatable; a repeated `admit` or `takePlace` only counts its request twice. Throws `service_unavailable` where the
 * call fails.
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

function isRetryable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const overloaded = 'overloaded' in error && error.overloaded === true;
  const retryable = 'retryable' in error && error.retryable === true;
  const reset = 'durableObjectReset' in error && error.durableObjectReset === true;
  return !overloaded && (retryable || reset);
}
