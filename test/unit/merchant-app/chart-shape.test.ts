import { describe, expect, it } from 'vitest';
import { axisTop, barsOf } from '../../../src/merchant-app/home/chart-shape.ts';

describe('The axis of a chart', () => {
  it.each([
    [34_800, 2, 40_000],
    [40_000, 2, 40_000],
    [40_001, 2, 60_000],
    [99_999, 2, 100_000],
    [100_000, 2, 100_000],
    [100_001, 2, 200_000],
    [8800, 0, 10_000],
    [1, 0, 2],
    [30, 2, 200],
    [0, 2, 200],
    [1_230, 3, 2_000],
  ])('for at most %i minor units with %i decimals ends at %i', (highest, exponent, top) => {
    expect(axisTop(highest, exponent)).toBe(top);
    expect((top / 2) % 10 ** exponent).toBe(0);
  });
});

describe('The bars of a chart', () => {
  it('are as high as their amounts are large, and stand on the ground', () => {
    const bars = barsOf([0, 1000, 2000, 4000], 4000, 100);
    expect(bars.map(({ height }) => height)).toEqual([0, 25, 50, 100]);
    expect(bars.map(({ y, height }) => y + height)).toEqual([100, 100, 100, 100]);
  });

  it('show a day on which very little came in', () => {
    expect(barsOf([1, 0], 1_000_000, 100).map(({ height }) => height)).toEqual([1, 0]);
  });

  it('share the width, each with the same gap at both sides', () => {
    const bars = barsOf([1, 1, 1, 1, 1], 2, 100);
    expect(bars.map(({ x }) => x)).toEqual([3, 23, 43, 63, 83]);
    expect(bars.map(({ width }) => width)).toEqual([14, 14, 14, 14, 14]);
  });
});
