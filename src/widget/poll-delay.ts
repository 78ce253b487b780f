const FIRST_MS = 2_000;
const GROWTH = 1.3;
const LONGEST_MS = 10_000;

/** How long to wait before asking for the nth time, n from 0: 2 s, then ever longer up to 10 s. */
export function pollDelay(turn: number): number {
  return Math.min(FIRST_MS * GROWTH ** turn, LONGEST_MS);
}
