import { describe, expect, it } from 'vitest';
import { isTimeZone, lastDays, localTime, readLocalTime } from '../../../src/merchant-app/local-time.ts';

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

describe('the last 30 days', () => {
  const HOUR = 60 * 60 * 1000;
  const NOW = Date.UTC(2026, 10, 10, 23, 30);

  it.each([
    ['UTC', '2026-10-12', '2026-11-10', 0],
    [BERLIN, '2026-10-13', '2026-11-11', 1],
    ['Asia/Kolkata', '2026-10-13', '2026-11-11', 5.5],
  ])('in %s end with today, and each begins where the one before ends', (timeZone, first, today, ahead) => {
    const days = lastDays(NOW, timeZone);
    expect([days.length, days[0].date, days.at(-1)?.date]).toEqual([30, first, today]);
    expect(days.at(-1)?.until).toBe(Date.parse(today) + (24 - ahead) * HOUR);
    expect(days.slice(1).map(({ from }) => from)).toEqual(days.slice(0, -1).map(({ until }) => until));
  });

  it('have 24 hours each, and 25 where summer time ends', () => {
    const other = lastDays(NOW, BERLIN).filter(({ from, until }) => until - from !== 24 * HOUR);
    expect(other).toEqual([{ date: '2026-10-25', from: Date.UTC(2026, 9, 24, 22), until: Date.UTC(2026, 9, 25, 23) }]);
  });

  it('begin an hour later where the clock skips midnight', () => {
    const days = lastDays(Date.UTC(2026, 8, 10, 12), 'America/Santiago');
    expect(days.find(({ date }) => date === '2026-09-06')?.from).toBe(Date.UTC(2026, 8, 6, 4));
  });
});
