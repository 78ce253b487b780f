import { codePointLength } from './json.ts';

const CONTROL = /[^\P{Cc}\n\r]/u;
const LINE_BREAK = /[\n\r\u2028\u2029]/;
/** Embeddings, overrides and isolates (UAX #9): they could make a page read as something else. */
const BIDI_CONTROL = /[\u202a-\u202e\u2066-\u2069]/;
/** Letters and symbols that show nothing: Hangul fillers, the blank Braille pattern and the null notehead. */
const BLANK = /[\u115f\u1160\u3164\uffa0\u2800\u{1d159}]/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Why a text for buyers is refused, as a sentence without its subject ("must be …"). null: it is not refused. */
export function textFault(text: string, rules: { readonly max: number; readonly lineBreaks: boolean }): string | null {
  if (codePointLength(text) > rules.max) return `must have at most ${rules.max} characters.`;
  if (CONTROL.test(text) || BIDI_CONTROL.test(text)) return 'must not hold control or text direction characters.';
  if (!rules.lineBreaks && LINE_BREAK.test(text)) return 'must be a single line.';
  return null;
}

/** True for a text with at least one visible character. Spaces, zero-width characters and fillers are not visible. */
export function hasVisibleText(text: string): boolean {
  return VISIBLE.test(text.replace(BLANK, ''));
}

/**
 * Why a text is refused as a name that buyers may see: one line of 1 to `max` characters, with at least one visible
 * character, under the rules of `textFault`. A sentence without its subject ("must be …"). null: it is not refused.
 */
export function nameFault(text: string, max: number): string | null {
  return hasVisibleText(text) ? textFault(text, { max, lineBreaks: false }) : 'must have visible characters.';
}

/** An optional text that buyers may see. One without a visible character counts as absent, so it becomes null. */
export function visibleOrNull(text: string | null): string | null {
  return text !== null && hasVisibleText(text) ? text : null;
}

/**
 * A text as searches compare it: without regard to case, in every script, and without spaces around it. A text that begins
 * with another one has a key that begins with the other one's key, unless that one ends within a letter and its accent.
 * Upper case, because the lower case of some letters depends on what follows them.
 */
export function searchKey(text: string): string {
  return text.trim().normalize('NFC').toUpperCase();
}
