const FIRST_MS = 700;
const GROWTH = 1.4;
const LONGEST_MS = 10_000;

/** How long to wait before the nth request, n from 0, in ms: 0.7 s, then longer and longer, up to 10 s. */
export function pollDelay(turn: number): number {
  return Math.min(FIRST_MS * GROWTH ** turn, LONGEST_MS);
}
