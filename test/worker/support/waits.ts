import { vi } from 'vitest';

export interface ShortenedWaits {
  /** How many waits of the given length were begun. */
  count: number;
}

/**
 * Until `vi.restoreAllMocks`, timers and time limits of exactly so many milliseconds run out after `to` instead. Those of any
 * other length are as they were, so a test that counts them proves the length that was asked for. A faked clock, which stands
 * still, is then moved on by the whole length.
 */
export function shortenWaits({ from, to }: { readonly from: number; readonly to: number }): ShortenedWaits {
  const waits = { count: 0 };
  const setTimer = globalThis.setTimeout;
  const setLimit = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((run, ms, ...rest) => {
    if (ms !== from) return setTimer(run, ms, ...rest);
    waits.count += 1;
    return setTimer(() => {
      if (vi.isFakeTimers()) vi.setSystemTime(Date.now() + from);
      run(...rest);
    }, to);
  });
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    if (ms !== from) return setLimit(ms);
    waits.count += 1;
    return setLimit(to);
  });
  return waits;
}
