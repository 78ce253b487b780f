/**
 * Counts the hops of one operation: how many calls to D1, Durable Objects and Stripe it waits for one after another.
 * A call has depth one more than the deepest call that had ended when it began, so calls at the same time are one hop.
 * No time is involved.
 */
export class Hops {
  #deepestEnded = 0;

  /**
   * The depth of the deepest call that has ended so far. Read it when the answer is there: what still runs then is what
   * the answer did not wait for.
   */
  get count(): number {
    return this.#deepestEnded;
  }

  /** Makes a call and records it, whether it succeeds or fails. Answers and throws what the call does. */
  async record<T>(call: () => Promise<T>): Promise<T> {
    const depth = this.#deepestEnded + 1;
    try {
      return await call();
    } finally {
      this.#deepestEnded = Math.max(this.#deepestEnded, depth);
    }
  }
}
