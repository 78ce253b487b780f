const FIRST_POLL_MS = 700;
const POLL_GROWTH = 1.4;
const LONGEST_POLL_MS = 10_000;

/** A new random id for a form: 26 letters and digits, with more than 128 random bits. */
export function newForm(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(26)), (n) => (n % 36).toString(36)).join('');
}

/** The wait in ms before a request for the status: 700 for `turn` 0, then longer, at most 10,000. */
export function pollDelay(turn: number): number {
  return Math.min(FIRST_POLL_MS * POLL_GROWTH ** turn, LONGEST_POLL_MS);
}
