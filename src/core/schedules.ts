/**
 * Seconds to wait before each attempt at a delivery, after the one before it: ten attempts, about 23 h 21 min from
 * first to last.
 */
export const RETRY_DELAYS_SECONDS: readonly number[] = [0, 10, 60, 300, 900, 3600, 7200, 14_400, 28_800, 28_800];

/** Nothing is attempted later than this after the delivery was created. */
export const DELIVERY_WINDOW_SECONDS = 86_400;

/** Spreads the retries of many deliveries that failed in the same moment. */
const MAX_JITTER = 0.02;

/**
 * When the next attempt is due, in ms since the epoch, after `attemptsMade` failures; null when the ladder has no step
 * left or the 24 h window is over. `createdAt`: when the delivery was created, or last sent anew; `now`: both in ms since
 * the epoch. `random`: in [0, 1), lengthens the step by up to 2 %. `retryAfterSeconds` (the receiver's wish) counts where
 * it is longer than the step. What would fall behind the window is brought to its end, for one last attempt.
 */
export function nextAttemptAt(input: {
  createdAt: number;
  now: number;
  attemptsMade: number;
  retryAfterSeconds: number | null;
  random: number;
}): number | null {
  const { createdAt, now, attemptsMade, retryAfterSeconds, random } = input;
  const step = RETRY_DELAYS_SECONDS[attemptsMade];
  const windowEnd = createdAt + DELIVERY_WINDOW_SECONDS * 1000;
  if (step === undefined || now >= windowEnd) return null;
  const wait = Math.max(step * (1 + MAX_JITTER * random), retryAfterSeconds ?? 0);
  return Math.min(Math.floor(now + wait * 1000), windowEnd);
}

/** RFC 9110 §5.6.7, the form every sender must use. The two obsolete forms are ignored, like any other text. */
const HTTP_DATE =
  /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * A Retry-After header (RFC 9110 §10.2.3) → whole seconds from `now` (ms since the epoch), 0 for a time that is past.
 * Null for no header, a negative number, or anything that is neither digits nor an HTTP date.
 */
export function parseRetryAfter(header: string | null, now: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  const at = HTTP_DATE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - now) / 1000));
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** After creation, while the buyer may still be paying. */
const OPEN_CHECKS_MS = [5 * MINUTE_MS, 15 * MINUTE_MS];
/** After the session must have ended at Stripe. */
const ENDED_CHECKS_MS = [1 * MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS];
/** A delayed method takes days: Stripe's slowest settle within 14. */
const DAILY_MS = 24 * HOUR_MS;
const GIVE_UP_MS = 30 * DAILY_MS;

/**
 * When a session whose end Stripe has not reported is read again from Stripe: twice while it is open, at its expiry, then on a
 * widening schedule, at last daily for 30 days; null after that. `checks`: how often it has been read. Times in unix ms.
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
