import * as z from 'zod';

/** The body of `POST /_control/faults`. */
export const faultsSchema = z.strictObject({
  account: z.string().optional(),
  mentions: z.string().min(1).optional(),
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

export type Faults = Omit<z.output<typeof faultsSchema>, 'account' | 'mentions'>;

/** What faults are for: an account, or requests and events that contain a text. With neither, everything. */
export type FaultScope = Pick<z.output<typeof faultsSchema>, 'account' | 'mentions'>;

/** A request, or the events of one action: its account, and its whole text. */
export interface Subject {
  readonly account: string | null;
  readonly text: string;
}

/** How one POST fails. Status 0: the connection is dropped. */
export interface PlannedFailure {
  status: number;
  afterCommit: boolean;
}

const NONE: Faults = faultsSchema.parse({});

/** The current faults: one set for everybody, and sets that replace it for single accounts and for single texts. */
export class FaultBook {
  #everybody: Faults = NONE;
  #byAccount = new Map<string, Faults>();
  #byText = new Map<string, Faults>();

  replace({ account, mentions }: FaultScope, faults: Faults): void {
    if (mentions !== undefined) this.#byText.set(mentions, faults);
    else if (account !== undefined) this.#byAccount.set(account, faults);
    else this.#everybody = faults;
  }

  clear(): void {
    this.#everybody = NONE;
    this.#byAccount.clear();
    this.#byText.clear();
  }

  /** The faults for a request or for events. */
  faultsFor({ account, text }: Subject): Faults {
    for (const [mentioned, faults] of this.#byText) if (text.includes(mentioned)) return faults;
    return (account === null ? undefined : this.#byAccount.get(account)) ?? this.#everybody;
  }

  /** Counts one POST in `fail_next` and returns how it fails; null: it does not fail. */
  takeFailure(subject: Subject): PlannedFailure | null {
    const plan = this.faultsFor(subject).fail_next;
    if (!plan || plan.count === 0) return null;
    plan.count -= 1;
    return { status: plan.status === 'network' ? 0 : plan.status, afterCommit: plan.after_commit };
  }
}
