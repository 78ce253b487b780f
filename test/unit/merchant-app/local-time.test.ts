import { describe, expect, it } from 'vitest';
import { isTimeZone, localTime, readLocalTime } from '../../../src/merchant-app/local-time.ts';

const BERLIN = 'Europe/Berlin';

describe('a time in an input', () => {
  it('is that of the time zone, in summer and in winter', () => {
    expect(localTime(Date.UTC(2026, 6, 1, 10, 5), BERLIN)).toBe('2026-07-01T12:05');
    expect(readLocalTime('2026-07-01T12:05', BERLIN)).toBe(Date.UTC(2026, 6, 1, 10, 5));
    expect(readLocalTime('2026-12-01T12:05', BERLIN)).toBe(Date.UTC(2026, 11, 1, 11, 5));
    expect(readLocalTime('2026-12-01T12:05', 'America/New_York')).toBe(Date.UTC(2026, 11, 1, 17, 5));
  });

  it('is the first of two where the clock goes back, and later where it skips', () => {
    expect(readLocalTime('2026-10-25T02:30', BERLIN)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(readLocalTime('2026-10-25T12:00', BERLIN)).toBe(Date.UTC(2026, 9, 25, 11));
    expect(readLocalTime('2026-03-29T02:30', BERLIN)).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(readLocalTime('2026-03-29T12:00', BERLIN)).toBe(Date.UTC(2026, 2, 29, 10));
  });

  it('is null for all other text', () => {
    for (const text of ['', 'tomorrow', '2026-13-01T10:00', '2026-07-01'])
      expect(readLocalTime(text, BERLIN)).toBeNull();
  });

  it('needs a time zone that is known', () => {
    expect([isTimeZone(BERLIN), isTimeZone('Mars/Base'), isTimeZone('')]).toEqual([true, false, false]);
  });
});
