import type { FormTree } from './form-encoding.ts';

const KEPT = 5000;

/** One request to `/v1` or `/v2`. `status` is 0 while it runs and if its connection was dropped. */
export interface LoggedRequest {
  at: string;
  method: string;
  path: string;
  account: string | null;
  livemode: boolean | null;
  idempotency_key: string | null;
  params: FormTree;
  status: number;
  replayed: boolean;
}

/** The last 5000 requests to `/v1` or `/v2`, in the order they arrived. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
  }

  /** All entries, or those with this `Stripe-Account`. */
  list(account: string | undefined): LoggedRequest[] {
    return this.#entries.filter((entry) => account === undefined || entry.account === account);
  }

  clear(): void {
    this.#entries = [];
  }
}
