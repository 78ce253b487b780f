import type { Context } from 'hono';

/** The colour scheme of a page in the widget's frame. null: that of the visitor's system. */
export type Theme = 'light' | 'dark' | null;

/** The `theme` in the query of a request. Any value but `light` and `dark` counts as not sent. */
export function themeOf(c: Pick<Context, 'req'>): Theme {
  const theme = c.req.query('theme');
  return theme === 'light' || theme === 'dark' ? theme : null;
}

/**
 * Returns `css` with a fixed colour scheme: its `prefers-color-scheme: dark` queries become always or never true, and
 * controls and scroll bars follow. null: `css` as it is. Not every browser gives a frame the colour scheme of the
 * element around it, so the style sheet must not ask for one.
 */
export function inTheme(css: string, theme: Theme): string {
  if (theme === null) return css;
  const fixed = css.replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g, theme === 'dark' ? ' all' : ' not all');
  return `${fixed}:root{color-scheme:${theme}}`;
}
