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
