/** Gives a function that sends one request and checks its answer; null: no request is left. */
export type NextCall = () => (() => Promise<void>) | null;

export interface Timing {
  readonly median: number;
  readonly p90: number;
  /** The median of the bare handler, called in turns with it. */
  readonly bareMedian: number;
}

export interface Measured {
  readonly alone: Timing;
  /** null: the case is not measured in parallel. */
  readonly together: Timing | null;
}

/** How many requests are in flight at once in the second half of a measurement. */
export const TOGETHER = 8;
/** Requests one by one, and how often several are sent at once. */
export const ALONE = 100;
export const WAVES = 12;
const WARM_UP = 10;
/** The longest time of each half: a slow machine takes fewer samples, not more time. */
const BUDGET_MS = 4_000;

/** Times requests in turns with the bare handler, so that what disturbs one disturbs both. Milliseconds. */
export async function measure(next: NextCall, bare: NextCall, parallel: boolean): Promise<Measured> {
  await series(next, bare, { rounds: parallel ? WARM_UP : 1, width: 1 });
  const alone = await series(next, bare, { rounds: ALONE, width: 1 });
  const together = parallel ? await series(next, bare, { rounds: WAVES, width: TOGETHER }) : null;
  return { alone: timingOf(alone), together: together && timingOf(together) };
}

interface Series {
  readonly times: number[];
  readonly bareTimes: number[];
}

async function series(next: NextCall, bare: NextCall, size: { rounds: number; width: number }): Promise<Series> {
  const times: number[] = [];
  const bareTimes: number[] = [];
  const end = performance.now() + BUDGET_MS;
  const wave = (source: NextCall) => Array.from({ length: size.width }, source).filter((call) => call !== null);
  for (let round = 0; round < size.rounds && performance.now() < end; round += 1) {
    const calls = wave(next);
    if (calls.length < size.width) break;
    times.push(...(await Promise.all(calls.map(timed))));
    bareTimes.push(...(await Promise.all(wave(bare).map(timed))));
  }
  if (times.length === 0) throw new Error('Nothing was left to measure.');
  return { times, bareTimes };
}

async function timed(call: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await call();
  return performance.now() - start;
}

function timingOf({ times, bareTimes }: Series): Timing {
  return { median: median(times), p90: quantile(times, 0.9), bareMedian: median(bareTimes) };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The quantile at `share` (0 to 1), by linear interpolation. NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
