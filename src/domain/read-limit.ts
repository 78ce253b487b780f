const MINUTE_MS = 60_000;

/**
 * Limits calls to Stripe that anybody can cause by loading a page: each is made with the platform's key, whose rate limit
 * all merchants share. Counts in memory, so the limits are those of one isolate. `each`: the most calls in a minute for one
 * key. `all`: for all keys together. The result is true if a call about `key` may be made at `now` (unix ms).
 */
export function readLimit<Key extends string | number>({
  each,
  all,
}: {
  readonly each: number;
  readonly all: number;
}): (key: Key, now: number) => boolean {
  const recent = { minute: 0, all: 0, counts: new Map<Key, number>() };
  return (key, now) => {
    const minute = Math.floor(now / MINUTE_MS);
    if (recent.minute !== minute) {
      recent.minute = minute;
      recent.all = 0;
      recent.counts.clear();
    }
    const reads = (recent.counts.get(key) ?? 0) + 1;
    recent.counts.set(key, reads);
    if (reads > each || recent.all >= all) return false;
    recent.all += 1;
    return true;
  };
}
