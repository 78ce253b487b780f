import * as z from 'zod';
import { ScopedSettings, type Subject, scopeShape } from './scoped-settings.ts';

/** The body of `POST /_control/faults`. */
export const faultsSchema = z.strictObject({
  ...scopeShape,
  drop_events: z.boolean().default(false),
  duplicate_events: z.boolean().default(false),
  reorder_events: z.boolean().default(false),
  latency_ms: z.int().min(0).max(120_000).default(0),
  fail_next: z
    .strictObject({
      count: z.int().min(0).default(1),
      status: z.union([z.literal(0), z.literal('network'), z.int().min(400).max(599)]).default(500),
      after_commit: z.boolean().default(false),
      code: z.literal('lock_timeout').optional(),
    })
    .nullish(),
});

export type Faults = Omit<z.output<typeof faultsSchema>, 'account' | 'mentions'>;

/** How one POST fails. Status 0: the connection is dropped. */
export interface PlannedFailure {
  status: number;
  afterCommit: boolean;
  code: 'lock_timeout' | undefined;
}

/** The current faults. */
export class FaultBook extends ScopedSettings<Faults> {
  constructor() {
    super(() => faultsSchema.parse({}));
  }

  /** Counts one POST in `fail_next` and returns how it fails; null: it does not fail. */
  takeFailure(subject: Subject): PlannedFailure | null {
    const plan = this.settingsFor(subject).fail_next;
    if (!plan || plan.count === 0) return null;
    plan.count -= 1;
    return { status: plan.status === 'network' ? 0 : plan.status, afterCommit: plan.after_commit, code: plan.code };
  }
}
