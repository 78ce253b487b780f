import { describe, expect, it } from 'vitest';
import { longDayText, shortDayText } from '../../../src/merchant-app/time.ts';

const WINTER = Date.UTC(2026, 0, 15, 23, 40, 59, 999);

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
