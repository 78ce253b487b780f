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

/** One POST that is to fail. Status 0: the connection is dropped. */
export interface PlannedFailure {
  status: number;
  afterCommit: boolean;
}

const NONE: Faults = faultsSchema.parse({});

/** The faults in force: one set for everybody, and sets that replace it for single accounts. */
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

  of(account: string | null): Faults {
    return (account === null ? undefined : this.#byAccount.get(account)) ?? this.#everybody;
  }

  /** Counts one POST against `fail_next`; null when it may pass. */
  takeFailure(account: string | null): PlannedFailure | null {
    const plan = this.of(account).fail_next;
    if (!plan || plan.count === 0) return null;
    plan.count -= 1;
    return { status: plan.status === 'network' ? 0 : plan.status, afterCommit: plan.after_commit };
  }
}
