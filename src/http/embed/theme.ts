import type { Context } from 'hono';

/** The colour scheme of a page in the widget's frame. null: that of the visitor's system. */
export type Theme = 'light' | 'dark' | null;

/** The `theme` in the query of a request. Any value but `light` and `dark` counts as not sent. */
export function themeOf(c: Pick<Context, 'req'>): Theme {
  const theme = c.req.query('theme');
  return theme === 'light' || theme === 'dark' ? theme : null;
}

const SCHEME_FEATURE = /\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi;
/** A media feature may stand wherever another one stood, in a list and beside `and`, `or` and `not`. */
const TRUE_FEATURE = '(min-width:0)';
const FALSE_FEATURE = '(min-width:99999px)';

/**
 * Returns `css` with a fixed colour scheme: each `prefers-color-scheme` in its media queries becomes always or never
 * true, and controls and scroll bars follow. null: `css` as it is. Not every browser gives a frame the colour scheme of
 * the element around it, so the style sheet must not ask for one.
 */
export function inTheme(css: string, theme: Theme): string {
  if (theme === null) return css;
  const fixed = css.replace(SCHEME_FEATURE, (_, scheme: string) =>
    scheme.toLowerCase() === theme ? TRUE_FEATURE : FALSE_FEATURE,
  );
  return `${fixed}:root{color-scheme:${theme}}`;
}
