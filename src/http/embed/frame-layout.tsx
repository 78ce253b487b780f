import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Locale } from '../buyer/locale.ts';
import type { PageNode } from '../buyer/page-parts.tsx';
import { inTheme, type Theme } from './theme.ts';

interface FrameLayoutProps {
  readonly locale: Locale;
  readonly nonce: string;
  readonly title: string;
  /** The text of the frame's style sheet. '': it could not be read, so the browser loads it as a file. */
  readonly sheet: string;
  readonly theme: Theme;
  readonly style?: string;
  readonly head?: Child;
  readonly children: Child;
}

/** The document of a page in the widget's frame. */
export function FrameLayout(props: FrameLayoutProps): PageNode {
  const { locale, nonce, title, sheet, theme, style = '', head, children } = props;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={locale.tag} dir={locale.dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>{title}</title>
          {sheet === '' && <link rel="stylesheet" href="/embed/frame.css" />}
          <style nonce={nonce}>{raw(inTheme(sheet + style, theme))}</style>
          {head}
        </head>
        <body>{children}</body>
      </html>
    </>
  );
}

/** Makes JSON that can stand in a `<script>` element: `<` is escaped, so no text in `data` can end the element. */
export function scriptJson(data: object | string): string {
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}
