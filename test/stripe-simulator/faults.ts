import * as z from 'zod';

/** The body of `POST /_control/faults`. */
export const faultsSchema = z.strictObject({
  account: z.string().optional(),
  drop_events: z.boolean().default(false),
  duplicate_events: z.boolean().default(false),
  reorder_events: z.boolean().default(false),
  latency_ms: z.int().min(0).max(120_000).default(0),
  fail_next: z
    .strictObject({
      count: z.int().min(0).default(1),
      status: z.union([z.literal(0), z.literal('network'), z.int().min(400).max(599)]).default(500),
      after_commit: z.boolean().default(false),
    })
    .nullish(),
});

export type Faults = Omit<z.output<typeof faultsSchema>, 'account'>;

/** How one POST fails. Status 0: the connection is dropped. */
export interface PlannedFailure {
  status: number;
  afterCommit: boolean;
}

const NONE: Faults = faultsSchema.parse({});

/** The current faults: one set for everybody, and sets for single accounts that replace it. */
export class FaultBook {
  #everybody: Faults = NONE;
  #byAccount = new Map<string, Faults>();

  replace(account: string | undefined, faults: Faults): void {
    if (account === undefined) this.#everybody = faults;
    else this.#byAccount.set(account, faults);
  }

  clear(): void {
    this.#everybody = NONE;
    this.#byAccount.clear();
  }

  /** The faults for requests and events of this account; null: the platform's own. */
  forAccount(account: string | null): Faults {
    return (account === null ? undefined : this.#byAccount.get(account)) ?? this.#everybody;
  }

  /** Counts one POST in `fail_next` and returns how it fails; null: it does not fail. */
  takeFailure(account: string | null): PlannedFailure | null {
    const plan = this.forAccount(account).fail_next;
    if (!plan || plan.count === 0) return null;
    plan.count -= 1;
    return { status: plan.status === 'network' ? 0 : plan.status, afterCommit: plan.after_commit };
  }
}
