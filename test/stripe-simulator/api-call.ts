import type { Cause } from './announce.ts';
import type { FormTree } from './form-encoding.ts';
import type { Simulation } from './simulation.ts';
import type { Scope } from './state.ts';

/** One authenticated request to `/v1` or `/v2`, ready for its endpoint. */
export interface ApiCall {
  simulation: Simulation;
  /** The connected account and the mode. */
  scope: Scope;
  /** Decoded body or query. */
  params: FormTree;
  /** The `:name` parts of the path. */
  path: Record<string, string>;
  cause: Cause;
  /** Of the `Stripe-Version` header, for example `2026-10-28.endive`. */
  version: string;
}

/** Does the work and returns the object to answer. Throws StripeFailure. Synchronous, so that no other request comes between. */
export type Endpoint = (call: ApiCall) => object;

/** A row of the routing table. */
export type Route = [method: 'GET' | 'POST', path: string, endpoint: Endpoint];
