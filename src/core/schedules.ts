/** Seconds to wait before each attempt of a delivery: ten attempts, about 23 h 21 min from the first to the last. */
export const RETRY_DELAYS_SECONDS: readonly number[] = [0, 10, 60, 300, 900, 3600, 7200, 14_400, 28_800, 28_800];

/** No attempt is made later than this after the delivery was created, or sent again. */
export const DELIVERY_WINDOW_SECONDS = 86_400;

/** Spreads the retries of many deliveries that failed in the same moment. */
const MAX_JITTER = 0.02;

/**
 * When the next attempt of a delivery is due after `attemptsMade` failures. null: all ten attempts are made, or the 24 hours
 * are over. `createdAt`: when the delivery was created, or last sent again. `random`: in [0, 1), lengthens the wait by up to
 * 2 %. `retryAfterSeconds`: what the receiver asked for; it counts where it is longer than the wait. A time after the end of
 * the 24 hours becomes their end, for one last attempt. Times are unix ms.
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

/** The date form that every sender must use (RFC 9110 §5.6.7). The two obsolete forms are ignored, like any other text. */
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
/** After creation, while the buyer may still pay. */
const OPEN_CHECKS_MS = [5 * MINUTE_MS, 15 * MINUTE_MS];
/** After its expiry, when the session has ended at Stripe. */
const ENDED_CHECKS_MS = [1 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS];
/** Delayed payment methods take days: Stripe's slowest settle within 14. */
const DAILY_MS = 24 * HOUR_MS;
const GIVE_UP_MS = 30 * DAILY_MS;

/**
 * When a session whose end Stripe has not reported is read from Stripe next: twice while it is open, a minute after its expiry,
 * then less and less often, at last daily for 30 days; null after that. `checks`: how often it was read. Times are unix ms.
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
