/** The background of the panel with a page's content, by colour mode. `pay.css` has the same colours. */
export const PAPER = { light: '#ffffff', dark: '#1a1d25' } as const;

/** The background of a button if its link has no colour. */
export const DEFAULT_BUTTON = '#14171f';

/** The least contrast for large, bold text, as on every button (WCAG 2.2, 1.4.3), and for the edge of a control (1.4.11). */
const LARGE_TEXT_CONTRAST = 3;
const BOUNDARY_CONTRAST = 3;

const BLACK = '#000000';
const WHITE = '#ffffff';

/**
 * The text colour of a button, as `#rrggbb`: `wanted` if its contrast to `background` is at least 3:1, else black or
 * white, whichever has more. 3:1 is enough only for bold text of at least 18.66 CSS pixels (WCAG 2.2, 1.4.3). Both
 * arguments are `#rgb` or `#rrggbb`. Any other `wanted` is ignored. Throws RangeError for any other `background`.
 */
export function readableTextColour(background: string, wanted: string | null): string {
  const ground = parseColour(background);
  if (ground === null) throw new RangeError('A background is #rgb or #rrggbb.');
  const asked = wanted === null ? null : parseColour(wanted);
  if (asked !== null && contrastRatio(ground, asked) >= LARGE_TEXT_CONTRAST) return asked;
  return contrastRatio(ground, WHITE) >= contrastRatio(ground, BLACK) ? WHITE : BLACK;
}

/** The contrast ratio of two `#rrggbb` colours in any order, from 1 to 21 (WCAG 2.2). */
export function contrastRatio(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * The CSS that gives the pay button the colours of its merchant. '' if the merchant has none. A colour that is not
 * `#rgb` or `#rrggbb` is ignored. A button that hardly differs from the panel behind it, in light or dark mode, gets a
 * visible edge.
 */
export function buttonStyle(button: { background: string | null; text: string | null }): string {
  const background = button.background === null ? null : parseColour(button.background);
  const text = button.text === null ? null : parseColour(button.text);
  if (background === null && text === null) return '';
  const ground = background ?? DEFAULT_BUTTON;
  const edgeOn = (paper: string) =>
    contrastRatio(ground, paper) < BOUNDARY_CONTRAST ? 'var(--field)' : 'var(--button)';
  return (
    `:root{--button:${ground};--button-ink:${readableTextColour(ground, text)};--edge:${edgeOn(PAPER.light)}}` +
    `@media(prefers-color-scheme:dark){:root{--edge:${edgeOn(PAPER.dark)}}}`
  );
}

/** What a button in its merchant's colours lacks: the contrast of its text, or that of its ground to a white page. */
export type ButtonWarning = 'text' | 'ground';

/** Why a page shows a button otherwise than in its merchant's colours: see `readableTextColour` and `buttonStyle`. */
export function buttonWarnings(button: { background: string | null; text: string | null }): ButtonWarning[] {
  const background = parseColour(button.background ?? '');
  const text = parseColour(button.text ?? '');
  const isText = text !== null && readableTextColour(background ?? DEFAULT_BUTTON, text) !== text;
  const isGround = background !== null && contrastRatio(background, PAPER.light) < BOUNDARY_CONTRAST;
  return [...(isText ? (['text'] as const) : []), ...(isGround ? (['ground'] as const) : [])];
}

/** The colours of a button as `#rrggbb`, each with a default. As in `readableTextColour`. */
export function buttonColours(button: { background: string | null; text: string | null }): {
  background: string;
  text: string;
} {
  const background = (button.background === null ? null : parseColour(button.background)) ?? DEFAULT_BUTTON;
  return { background, text: readableTextColour(background, button.text) };
}

/** Turns `#rgb` or `#rrggbb` in any case into `#rrggbb` in lower case. Returns null for any other text. */
export function parseColour(text: string): string | null {
  const lower = text.toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(lower)) return lower;
  return /^#[0-9a-f]{3}$/.test(lower) ? lower.replace(/[0-9a-f]/g, '$&$&') : null;
}

/** The relative luminance of a `#rrggbb` colour (WCAG 2.2), from 0 to 1. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
