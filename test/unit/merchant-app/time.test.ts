import { describe, expect, it } from 'vitest';
import { longDayText, offsetMinutesOf, shortDayText } from '../../../src/merchant-app/time.ts';

const WINTER = Date.UTC(2026, 0, 15, 23, 40, 59, 999);
const SUMMER = Date.UTC(2026, 6, 15, 23, 40);

describe('The offset of a time zone', () => {
  it.each([
    ['UTC', WINTER, 0],
    ['Europe/Berlin', WINTER, 60],
    ['Europe/Berlin', SUMMER, 120],
    ['America/New_York', WINTER, -300],
    ['Asia/Kathmandu', SUMMER, 345],
    ['Pacific/Kiritimati', WINTER, 840],
  ])('%s at %i is %i minutes', (timeZone, now, minutes) => {
    expect(offsetMinutesOf({ language: 'en', timeZone, now })).toBe(minutes);
  });
});

describe('A day', () => {
  it('is written in the time zone of the reader, which it names', () => {
    const clock = { timeZone: 'Europe/Berlin', now: WINTER };
    expect(longDayText({ ...clock, language: 'en' }, WINTER)).toMatch(
      /Friday.* 16 January 2026, Central European Time/,
    );
    expect(longDayText({ ...clock, language: 'de' }, WINTER)).toBe('Freitag, 16. Januar 2026, Mitteleuropäische Zeit');
  });

  it('is short on a chart', () => {
    expect(shortDayText('en', '2026-11-30')).toBe('30 Nov');
    expect(shortDayText('de', '2026-11-30')).toBe('30. Nov.');
  });
});
