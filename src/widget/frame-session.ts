const FIRST_POLL_MS = 700;
const POLL_GROWTH = 1.4;
const LONGEST_POLL_MS = 10_000;

/** A new random id of a form: 26 letters and digits, more than 128 random bits. The same id is the same session. */
export function newForm(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(26)), (n) => (n % 36).toString(36)).join('');
}

/** How long to wait before a request for the status, in ms: 0.7 s before the first (`turn` 0), then longer, at most 10 s. */
export function pollDelay(turn: number): number {
  return Math.min(FIRST_POLL_MS * POLL_GROWTH ** turn, LONGEST_POLL_MS);
}
