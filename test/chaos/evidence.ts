import { readFileSync } from 'node:fs';
import { readSnapshot, type State } from '../stripe-simulator/state.ts';
import type { Accepted } from './receivers.ts';
import type { Rows } from './rows.ts';

/** What one request that may be repeated was answered, each time that the outcome was known. */
export interface Repeated {
  /** What the request is called in a finding: an order, a refund, or a form of a page. */
  readonly name: string;
  readonly answers: readonly { readonly status: number; readonly body: string }[];
}

/** What a run is judged by. */
export interface Evidence {
  /** What happened at Stripe. */
  readonly ledger: Pick<State, 'sessions' | 'refunds'>;
  readonly rows: Rows;
  readonly accepted: readonly Accepted[];
  readonly repeated: readonly Repeated[];
  /** The receivers that are subscribed to every event of their shop. */
  readonly receivers: readonly { readonly name: string; readonly workspaceId: string }[];
  /** The links that take a limited number of payments. */
  readonly limits: readonly { readonly token: string; readonly maxPayments: number }[];
}

/** Reads what Stripe's process has written down. */
export function readLedger(stateFile: string): Evidence['ledger'] {
  return readSnapshot(readFileSync(stateFile, 'utf8'));
}
