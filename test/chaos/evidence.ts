import { readFileSync } from 'node:fs';
import { openLocalDatabases } from '../../scripts/local/open-database.ts';
import type { Database } from '../../src/db/client.ts';
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
  /** The receivers that are subscribed to every event. */
  readonly receivers: readonly string[];
  /** The link that takes a limited number of payments. */
  readonly limit: { readonly token: string; readonly maxPayments: number };
}

/** Reads what Stripe's process has written down. */
export function readLedger(stateFile: string): Evidence['ledger'] {
  return readSnapshot(readFileSync(stateFile, 'utf8'));
}

/** Runs something with the database of a state directory open. The Worker must not run at that time. */
export async function withDatabase<T>(stateDir: string, use: (database: Database) => Promise<T>): Promise<T> {
  const { shards, close } = await openLocalDatabases(stateDir);
  return await use(shards[0].database).finally(close);
}
