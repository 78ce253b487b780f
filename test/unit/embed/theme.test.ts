import { describe, expect, it } from 'vitest';
import { inTheme } from '../../../src/http/embed/theme.ts';

/** Media features that are true, or false, on every screen. */
const TRUE = '(min-width:0)';
const FALSE = '(min-width:99999px)';
const RULE = '{a{color:red}}';

describe('the style sheet in a fixed theme', () => {
  it.each([
    ['@media (prefers-color-scheme:dark)', '@media ?'],
    ['@media(prefers-color-scheme:dark)', '@media?'],
    ['@media ( Prefers-Color-Scheme :\n dark )', '@media ?'],
    [
      '@media screen and (prefers-color-scheme:dark) and (min-width:40rem)',
      '@media screen and ? and (min-width:40rem)',
    ],
    ['@media print,(prefers-color-scheme:dark) , (hover)', '@media print,? , (hover)'],
    ['@media ((prefers-color-scheme: dark) or (hover))', '@media (? or (hover))'],
    ['@media not (prefers-color-scheme: dark)', '@media not ?'],
  ])('decides %j, and leaves the conditions around it', (query, decided) => {
    expect(inTheme(query + RULE, 'dark')).toContain(decided.replace('?', TRUE) + RULE);
    expect(inTheme(query + RULE, 'light')).toContain(decided.replace('?', FALSE) + RULE);
    const opposite = query.replace('dark', 'light');
    expect(inTheme(opposite + RULE, 'dark')).toContain(decided.replace('?', FALSE) + RULE);
    expect(inTheme(opposite + RULE, 'light')).toContain(decided.replace('?', TRUE) + RULE);
  });

  it('decides every query of the sheet, and sets the scheme of controls after all rules', () => {
    const css = `:root{color-scheme:light dark}@media (prefers-color-scheme:dark)${RULE}@media (prefers-color-scheme:light)${RULE}`;
    expect(inTheme(css, 'dark')).toBe(
      `:root{color-scheme:light dark}@media ${TRUE}${RULE}@media ${FALSE}${RULE}:root{color-scheme:dark}`,
    );
  });

  it('is as it was without a theme, and keeps what only looks like the query', () => {
    const css = '@media (prefers-color-scheme:dark){}';
    expect(inTheme(css, null)).toBe(css);
    const other = '@media (prefers-contrast:more){}a{prefers-color-scheme:dark}@media (prefers-color-scheme){}';
    expect(inTheme(other, 'dark')).toBe(`${other}:root{color-scheme:dark}`);
  });
});
