/** The widths of characters in em, in the bold face of a wide system font (DejaVu Sans). The first that matches counts. */
const WIDTHS: readonly (readonly [characters: RegExp, ems: number])[] = [
  // Text direction marks and other characters that are not seen.
  [/[\p{Cf}\p{Mn}]/u, 0],
  [/\p{Nd}/u, 0.7],
  [/[\s.,'’٫٬،]/u, 0.4],
  [/[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7ff\uff00-\uffef]/u, 1],
  [/[MWmw\p{Sc}]/u, 1.12],
  [/\p{Lu}/u, 0.86],
];
const OTHER_EMS = 0.9;

/** How wide a text is at most, in em of its own font. */
function emsOf(text: string): number {
  return [...text].reduce(
    (sum, character) => sum + (WIDTHS.find(([characters]) => characters.test(character))?.[1] ?? OTHER_EMS),
    0,
  );
}

/**
 * The CSS with which the amounts in `selector` are so small that the widest of `texts` fits into one line: it sets
 * `--amount-ems`, which the style sheet divides the width by. '' for no texts. The page cannot measure without a script.
 */
export function amountStyle(
  selector: ':root' | '.suggestions' | '.readings' | '.field',
  texts: readonly string[],
): string {
  if (texts.length === 0) return '';
  const widest = Math.max(...texts.map(emsOf));
  return `${selector}{--amount-ems:${Math.ceil(widest * 10) / 10}}`;
}
