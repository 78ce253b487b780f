const FIRST_MS = 700;
const GROWTH = 1.4;
const LONGEST_MS = 10_000;

/** How long to wait before asking for the nth time, n from 0: 0.7 s, then ever longer up to 10 s. */
export function pollDelay(turn: number): number {
  return Math.min(FIRST_MS * GROWTH ** turn, LONGEST_MS);
}
