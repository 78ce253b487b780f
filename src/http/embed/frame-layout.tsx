import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Locale } from '../buyer/locale.ts';
import type { PageNode } from '../buyer/page-parts.tsx';

/** CSS that follows the pay page's style sheet. The page fills a dialog, so it has no border of its own. */
const FRAME_STYLE = `body{display:block;min-block-size:0;padding:0;background:var(--paper)}main{--pad:clamp(16px,5vw,1.5rem);border:0;border-radius:0;box-shadow:none}
.sandbox{border-radius:0}#checkout{min-block-size:1px}.sum{margin-block-start:.5rem;font-size:min(2.25rem,var(--line)/var(--amount-ems))}
#state{margin-block-start:1rem}#state:focus{outline:none}#state h2{font-size:1.25rem;line-height:1.3}#state .note:empty{display:none}.elsewhere{margin:0;padding:.75rem 1rem 1rem;text-align:center;font-size:.875rem}.elsewhere a,.chosen button{color:inherit}.chosen{margin:.5rem 0 0}.chosen button{border:0;background:0;padding:.625rem 0;font:inherit;text-decoration:underline;cursor:pointer}button.pay{border-color:var(--edge)}`;

interface FrameLayoutProps {
  readonly locale: Locale;
  readonly nonce: string;
  readonly title: string;
  /** The text of the pay page's style sheet. It is written into the page, which saves a request. */
  readonly sheet: string;
  readonly style?: string;
  readonly head?: Child;
  readonly children: Child;
}

/** The document of a page in the widget's frame. */
export function FrameLayout(props: FrameLayoutProps): PageNode {
  const { locale, nonce, title, sheet, style = '', head, children } = props;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={locale.tag} dir={locale.dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>{title}</title>
          <style nonce={nonce}>{raw(sheet + FRAME_STYLE + style)}</style>
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
