import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DELIVERY_WINDOW_SECONDS,
  nextAttemptAt,
  parseRetryAfter,
  RETRY_DELAYS_SECONDS,
} from '../../../src/core/schedules.ts';

const createdAt = Date.UTC(2026, 4, 19, 18);
const windowEnd = createdAt + DELIVERY_WINDOW_SECONDS * 1000;

/** All attempts of a delivery that always fails, as seconds after its creation. */
function attemptTimes(options: { attemptSeconds: number; random: number; retryAfterSeconds: number | null }): number[] {
  const times: number[] = [];
  let now = createdAt;
  for (;;) {
    const at = nextAttemptAt({ createdAt, now, attemptsMade: times.length, ...options });
    if (at === null) return times;
    times.push((at - createdAt) / 1000);
    now = at + options.attemptSeconds * 1000;
  }
}

describe('nextAttemptAt', () => {
  it('makes the ten attempts of the ladder', () => {
    expect(attemptTimes({ attemptSeconds: 0, random: 0, retryAfterSeconds: null })).toEqual([
      0, 10, 70, 370, 1270, 4870, 12_070, 26_470, 55_270, 84_070,
    ]);
  });

  it('makes all ten within 24 h, whatever the jitter, with ten seconds and a minute lost at each', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.integer({ min: 0, max: 70 }),
        (random, attemptSeconds) => {
          const times = attemptTimes({ attemptSeconds, random, retryAfterSeconds: null });
          expect(times).toHaveLength(RETRY_DELAYS_SECONDS.length);
          for (const time of times) expect(time).toBeLessThanOrEqual(DELIVERY_WINDOW_SECONDS);
        },
      ),
    );
  });

  it('waits at least the step and at most 2 % more', () => {
    const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(draw, fc.nat({ max: RETRY_DELAYS_SECONDS.length - 1 }), (random, attemptsMade) => {
        const step = RETRY_DELAYS_SECONDS[attemptsMade] ?? Number.NaN;
        const at = nextAttemptAt({ createdAt, now: createdAt, attemptsMade, retryAfterSeconds: null, random });
        expect(at).toBeGreaterThanOrEqual(createdAt + step * 1000);
        expect(at).toBeLessThanOrEqual(createdAt + step * 1020);
        expect(Number.isInteger(at)).toBe(true);
      }),
    );
  });

  it('ends after the tenth failure', () => {
    const input = { createdAt, now: createdAt, retryAfterSeconds: null, random: 0 };
    expect(nextAttemptAt({ ...input, attemptsMade: 9 })).not.toBeNull();
    expect(nextAttemptAt({ ...input, attemptsMade: 10 })).toBeNull();
    expect(nextAttemptAt({ ...input, attemptsMade: 11, retryAfterSeconds: 60 })).toBeNull();
  });

  it('ends with the window, even with steps left', () => {
    const input = { createdAt, attemptsMade: 2, retryAfterSeconds: null, random: 0 };
    expect(nextAttemptAt({ ...input, now: windowEnd - 1 })).toBe(windowEnd);
    expect(nextAttemptAt({ ...input, now: windowEnd })).toBeNull();
    expect(nextAttemptAt({ ...input, now: windowEnd + 60_000 })).toBeNull();
  });

  it.each([
    ['longer than the step', 600, createdAt + 600_000],
    ['shorter than the step', 5, createdAt + 60_000],
    ['zero', 0, createdAt + 60_000],
    ['beyond the window', 999_999, windowEnd],
    ['beyond all numbers', Number.MAX_SAFE_INTEGER, windowEnd],
  ])('with a Retry-After %s waits for the longer of both, inside the window', (_, retryAfterSeconds, expected) => {
    const at = nextAttemptAt({ createdAt, now: createdAt, attemptsMade: 2, retryAfterSeconds, random: 0 });
    expect(at).toBe(expected);
  });

  it('after a Retry-After beyond the window makes one last attempt at its end', () => {
    const times = attemptTimes({ attemptSeconds: 1, random: 0.5, retryAfterSeconds: 999_999 });
    expect(times).toEqual([DELIVERY_WINDOW_SECONDS]);
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 4, 19, 18, 0, 0);

  it.each([
    ['0', 0],
    ['120', 120],
    [' 120 ', 120],
    ['007', 7],
    ['999999', 999_999],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    ['Tue, 19 May 2026 18:02:00 GMT', 120],
    ['Tue, 19 May 2026 18:00:00 GMT', 0],
    ['Tue, 19 May 2026 17:00:00 GMT', 0],
  ])('reads %j as %d seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });

  it('rounds part of a second up', () => {
    expect(parseRetryAfter('Tue, 19 May 2026 18:00:01 GMT', now + 1)).toBe(1);
  });

  it.each([
    null,
    '',
    ' ',
    '-1',
    '-0',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    '١٢',
    '120 seconds',
    '120, 240',
    'soon',
    'tomorrow',
    '2026-05-19T18:02:00Z',
    'Tue, 19 May 2026 18:02:00',
    'Tue, 19 May 2026 18:02:00 +0200',
    'Tue, 99 May 2026 99:99:99 GMT',
  ])('ignores %j', (header) => {
    expect(parseRetryAfter(header, now)).toBeNull();
  });
});
