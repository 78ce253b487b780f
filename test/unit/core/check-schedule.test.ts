import { describe, expect, it } from 'vitest';
import { nextSessionCheck } from '../../../src/core/schedules.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const createdAt = 1_800_000_000_000;
const session = { createdAt, expiresAt: createdAt + 31 * MINUTE };

describe('when a session is read again from Stripe', () => {
  it('widens from minutes to a day, whatever was missed in between', () => {
    const checks = [0, 1, 2, 3, 4, 5];
    const delays = checks.map(
      (count) => Number(nextSessionCheck({ ...session, checks: count }, createdAt)) - createdAt,
    );
    expect(delays.map((delay) => delay / MINUTE)).toEqual([5, 15, 32, 41, 91, 391]);
    const late = createdAt + 2 * DAY;
    expect(nextSessionCheck({ ...session, checks: 3 }, late)).toBe(late + DAY);
  });

  it('ends 30 days after the session must have ended', () => {
    const end = session.expiresAt + 30 * DAY;
    expect(nextSessionCheck({ ...session, checks: 40 }, end - 1)).toBe(end - 1 + DAY);
    expect(nextSessionCheck({ ...session, checks: 40 }, end)).toBeNull();
  });
});
