/** Seconds to wait before each attempt of a delivery: ten attempts, about 23 h 21 min from the first to the last. */
export const RETRY_DELAYS_SECONDS: readonly number[] = [0, 10, 60, 300, 900, 3600, 7200, 14_400, 28_800, 28_800];

/** For how long (seconds) a delivery is attempted after it was created or last sent again. */
export const DELIVERY_WINDOW_SECONDS = 86_400;

/** By how much a wait is lengthened at most (2 %), so that deliveries that failed together are not retried together. */
const MAX_JITTER = 0.02;

/**
 * When the next attempt of a delivery is due after `attemptsMade` failures. null: all ten attempts are made, or the 24
 * hours since `createdAt` are over. `createdAt`: when the delivery was created or last sent again. `random`: from 0 to
 * below 1, lengthens the wait by up to 2 %. `retryAfterSeconds`: what the receiver asked for, used where it is longer
 * than our wait. An attempt that would come after the 24 hours is made at their end. Times are unix ms.
 */
export function nextAttemptAt(input: {
  createdAt: number;
  now: number;
  attemptsMade: number;
  retryAfterSeconds: number | null;
  random: number;
}): number | null {
  const { createdAt, now, attemptsMade, retryAfterSeconds, random } = input;
  const delay = RETRY_DELAYS_SECONDS[attemptsMade];
  const windowEnd = createdAt + DELIVERY_WINDOW_SECONDS * 1000;
  if (delay === undefined || now >= windowEnd) return null;
  const wait = Math.max(delay * (1 + MAX_JITTER * random), retryAfterSeconds ?? 0);
  return Math.min(Math.floor(now + wait * 1000), windowEnd);
}

/** The date form that every sender must use (RFC 9110 §5.6.7). A date in one of the two obsolete forms is ignored. */
const HTTP_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The whole seconds that a Retry-After header (RFC 9110 §10.2.3) asks for, counted from `now` (unix ms); 0 for a past time.
 * null: no header, a negative number, or text that is neither digits nor an HTTP date.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** How long after its creation an open session is read from Stripe, while the buyer may still pay. */
const OPEN_CHECKS_MS = [5 * MINUTE_MS, 15 * MINUTE_MS];
/** How long after its expiry a session is read from Stripe, where it has ended by then. */
const ENDED_CHECKS_MS = [1 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS];
/** How often a session is read after that: delayed payment methods take days, Stripe's slowest up to 14. */
const DAILY_MS = 24 * HOUR_MS;
const GIVE_UP_MS = 30 * DAILY_MS;

/**
 * When a session is to be read from Stripe again, while Stripe has not reported its end: twice while it is open, a
 * minute after it expires, then less and less often, at last daily. null: it expired 30 days ago. `checks`: how many
 * times the session has been read. Times are unix ms.
 */
export function nextSessionCheck(
  session: { createdAt: number; expiresAt: number; checks: number },
  now: number,
): number | null {
  const times = [
    ...OPEN_CHECKS_MS.map((delay) => session.createdAt + delay),
    ...ENDED_CHECKS_MS.map((delay) => session.expiresAt + delay),
  ];
  if (now >= session.expiresAt + GIVE_UP_MS) return null;
  const next = times.slice(session.checks).find((time) => time > now);
  return next ?? now + DAILY_MS;
}
