/** A bar of a chart. `x` and `width`: percent of the chart's width. `y` and `height`: pixels from its top. */
interface Bar {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly height: number;
}

const STEPS = [2, 4, 6, 8, 10];
/** How much of its place a bar takes. */
const FILLED = 0.7;

/**
 * Where the axis of a chart ends, in minor units: a round number of major units that no amount exceeds, and whose half is whole
 * too. `highest`: the largest amount, in minor units. `exponent`: how many decimals the currency has.
 */
export function axisTop(highest: number, exponent: number): number {
  const least = Math.max(highest, 2 * 10 ** exponent);
  const unit = 10 ** (String(least - 1).length - 1);
  const step = STEPS.find((one) => one * unit >= least) ?? 10;
  return step * unit;
}

/** A bar for each amount, from left to right. `top`: the amount that is as high as the chart, which has `height` pixels. */
export function barsOf(amounts: readonly number[], top: number, height: number): readonly Bar[] {
  const place = 100 / amounts.length;
  return amounts.map((amount, index) => {
    // A day on which little came in is not one on which nothing did.
    const high = amount === 0 ? 0 : Math.max(1, rounded((amount / top) * height));
    const x = rounded((index + (1 - FILLED) / 2) * place);
    return { x, width: rounded(FILLED * place), y: rounded(height - high), height: high };
  });
}

const rounded = (number: number) => Math.round(number * 100) / 100;
