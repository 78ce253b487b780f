import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRfc3339, toRfc3339 } from '../../../src/core/rfc3339.ts';
import { parseTimeRange } from '../../../src/core/time-range.ts';

const MAY_19 = Date.UTC(2026, 4, 19, 18, 4, 11);

describe('an RFC 3339 time', () => {
  it.each([
    ['2026-05-19T18:04:11Z', MAY_19],
    ['2026-05-19t18:04:11z', MAY_19],
    ['2026-05-19T20:04:11+02:00', MAY_19],
    ['2026-05-19T12:34:11-05:30', MAY_19],
    ['2026-05-19T18:04:11-00:00', MAY_19],
    ['2026-05-19T18:04:11.5Z', MAY_19 + 500],
    ['2026-05-19T18:04:11.123456789Z', MAY_19 + 123],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['1969-12-31T23:59:59Z', -1000],
  ])('%s is a moment', (text, ms) => {
    expect(parseRfc3339(text)).toBe(ms);
  });

  it('is read back from what every answer writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_799 }), (seconds) => {
        expect(parseRfc3339(toRfc3339(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  it.each([
    ...['', ' ', 'now', 'yesterday', '0', '1779213851', '1779213851000', '2026', '2026-05-19', '18:04:11'],
    ...['2026-05-19T18:04:11', '2026-05-19T18:04Z', '2026-05-19 18:04:11Z', '2026-05-19T18:04:11 02:00'],
    ...['2026-05-19T18:04:11+0200', '2026-05-19T18:04:11+02', '2026-05-19T18:04:11+24:00', '+002026-05-19T18:04:11Z'],
    ...['2026-13-01T00:00:00Z', '2026-00-01T00:00:00Z', '2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z'],
    ...['2026-04-31T00:00:00Z', '2026-05-00T00:00:00Z', '2026-05-32T00:00:00Z'],
    ...['2026-05-19T24:00:00Z', '2026-05-19T18:60:00Z', '2026-05-19T18:04:60Z', '2026-05-19T18:04:11.Z'],
    ...[' 2026-05-19T18:04:11Z', '2026-05-19T18:04:11Z ', '2026-05-19T18:04:11Z\n', '２０２６-05-19T18:04:11Z'],
    ...['Tue, 19 May 2026 18:04:11 GMT', "2026-05-19T18:04:11Z' --", `2026-05-19T18:04:11.${'0'.repeat(5000)}Z`],
  ])('is not %j', (text) => {
    expect(parseRfc3339(text)).toBeNull();
  });
});

describe('a range of times', () => {
  it('is open where nothing is said', () => {
    expect(parseTimeRange({})).toEqual({ ok: true, range: { after: null, before: null } });
    expect(parseTimeRange({ created_after: '2026-05-19T18:04:11Z' })).toEqual({
      ok: true,
      range: { after: MAY_19, before: null },
    });
  });

  it('is refused with both its faults', () => {
    const parsed = parseTimeRange({ created_after: '', created_before: 'x' });
    if (parsed.ok) throw new Error('It was taken');
    expect(parsed.faults.map(({ path }) => path)).toEqual(['created_after', 'created_before']);
    for (const { path, message } of parsed.faults) expect(message).toContain(path);
  });
});
