/** What a unit of work may use at most. `queries`: D1 statements; each statement of a batch counts. */
export interface Cost {
  readonly queries: number;
  /** HTTP requests to Stripe. */
  readonly stripeCalls: number;
}

/** What one run of a job may use at most. */
export interface JobLimits extends Cost {
  /** No unit of work begins after so many seconds. */
  readonly seconds: number;
}

/** Thrown instead of a query or a call to Stripe that the job has no budget for. The next run repeats the unit of work. */
class BudgetSpent extends Error {
  constructor(what: keyof Cost) {
    super(`The job has used its ${what}`);
    this.name = 'BudgetSpent';
  }
}

/**
 * Counts what one run of a job uses. Cloudflare ends an invocation that makes more than 1,000 D1 queries or 10,000
 * subrequests, with all jobs after it (developers.cloudflare.com/d1/platform/limits, /workers/platform/limits). So a
 * job asks `begin` before each unit of work, and stops where the unit does not fit.
 */
export class Budget {
  /** When the run ends (unix ms). Work that was begun before may end later. */
  readonly endsAt: number;
  readonly #limits: JobLimits;
  readonly #now: () => number;
  readonly #spent = { queries: 0, stripeCalls: 0 };
  readonly #reserved = { queries: 0, stripeCalls: 0 };

  /** `now`: the current time, unix ms. */
  constructor(limits: JobLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
    this.endsAt = now() + limits.seconds * 1000;
  }

  /** True if no unit of work may begin any more, because the time is over. */
  get isOver(): boolean {
    return this.#now() >= this.endsAt;
  }

  /**
   * Reserves what a unit of work may use at most. Returns the function that ends the reservation, to be called when the
   * unit is done. null: the unit does not fit into the rest of the budget and must not begin.
   */
  begin(cost: Cost): (() => void) | null {
    if (!this.#fits('queries', cost.queries) || !this.#fits('stripeCalls', cost.stripeCalls)) return null;
    this.#reserved.queries += cost.queries;
    this.#reserved.stripeCalls += cost.stripeCalls;
    return () => {
      this.#reserved.queries -= cost.queries;
      this.#reserved.stripeCalls -= cost.stripeCalls;
    };
  }

  /** Counts D1 statements that are about to run. Throws an Error where the job has no budget for them. */
  countQueries(count: number): void {
    this.#count('queries', count);
  }

  /** Counts a request to Stripe that is about to be sent. Throws an Error where the job has no budget for it. */
  countStripeCall(): void {
    this.#count('stripeCalls', 1);
  }

  #fits(what: keyof Cost, count: number): boolean {
    return this.#spent[what] + this.#reserved[what] + count <= this.#limits[what];
  }

  #count(what: keyof Cost, count: number): void {
    if (this.#spent[what] + count > this.#limits[what]) throw new BudgetSpent(what);
    this.#spent[what] += count;
  }
}
