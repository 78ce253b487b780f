import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { Locale } from '../buyer/locale.ts';
import type { PageNode } from '../buyer/page-parts.tsx';
import { inTheme, type Theme } from './theme.ts';

/**
 * CSS that follows the pay page's style sheet. The page fills a dialog, so it has no border of its own. `.top` leaves
 * 44 px free for the dialog's close button, which lies over it. While the buyer chooses an amount, `#state` is only for
 * screen readers: the button shows that the form is loading.
 */
const FRAME_STYLE = `body{display:block;min-block-size:0;padding:0;background:var(--paper)}main{--pad:clamp(16px,5vw,1.5rem);border:0;border-radius:0;box-shadow:none}
.top{display:grid;grid-template-columns:auto minmax(0,1fr);align-content:center;column-gap:.625rem;min-block-size:3.25rem;padding-block:.375rem;padding-inline:var(--pad) 3rem;border-block-end:1px solid var(--line);font-size:.875rem;line-height:1.3}
.top .from{display:contents;font-size:inherit}.top .mark{grid-row:1/3;align-self:center;inline-size:2rem;block-size:2rem;border-radius:.5rem}.top img.mark{inline-size:auto;max-inline-size:5rem}.top p{grid-column:2;align-self:center}.top .from:only-child p{grid-row:1/3}.test{color:var(--warn);font-size:.75rem;font-weight:600}
main>h1:not(.vh){padding:var(--pad) var(--pad) 0}#choose{margin:0}#choose .pay[aria-disabled]{grid-auto-flow:column;justify-content:center;gap:.75rem;cursor:progress}#choose .pay[aria-disabled]:after{content:"";inline-size:1.25rem;block-size:1.25rem;border:3px solid;border-block-start-color:#0000;border-radius:50%;animation:wait 1.2s linear infinite}
#state{padding:var(--pad)}#state:focus{outline:none}#state h2{font-size:1.25rem;line-height:1.3}h2+.note{margin-block-start:.375rem}#state .note:empty{display:none}#state .badge{margin-block-end:1rem}.badge[data-icon=loading]{background:none;border:3px solid var(--line)}.badge[data-icon=loading]:after{inset:-3px}
#state[data-icon=loading]{position:fixed;inset:0 1.5rem;block-size:fit-content;margin:auto;padding:0;text-align:center}#state[data-icon=loading] .badge{margin-inline:auto}#state[data-icon=loading] h2{font:inherit}#state[data-icon=loading] .next{display:none}#choose:not([hidden])~#state{opacity:0;pointer-events:none}
#state[data-icon=loading]:not([hidden])~#checkout{visibility:hidden}#checkout{min-block-size:1px}main:not(:has(#choose:not([hidden])))>#state[data-icon=loading]:not([hidden])~.trust{visibility:hidden}
.trust{background:none}.aside{text-align:center;font-size:.875rem}.aside a,.aside button{display:inline-block;border:0;background:0;padding:.375rem 1rem;color:inherit;font:inherit;text-decoration:underline;cursor:pointer}#elsewhere{padding-block-end:.5rem}#elsewhere a{padding-block:.75rem}button.pay:not(.quiet){border-color:var(--edge)}
@media(prefers-reduced-motion){#choose .pay:after{animation-duration:9s!important}}`;

interface FrameLayoutProps {
  readonly locale: Locale;
  readonly nonce: string;
  readonly title: string;
  /** The text of the pay page's style sheet. It is written into the page, which saves a request. */
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
          <style nonce={nonce}>{raw(inTheme(sheet + FRAME_STYLE + style, theme))}</style>
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
