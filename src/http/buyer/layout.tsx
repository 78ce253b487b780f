import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { PageFrame } from '../pay/view.ts';
import { PAPER } from './button-colours.ts';
import { Icon } from './icons.tsx';
import type { Strings } from './strings.tsx';

/** A whole page of a payment link, or the promise of one: what `c.html` takes. */
export type PageNode = HtmlEscapedString | Promise<HtmlEscapedString>;

interface LayoutProps {
  readonly frame: PageFrame;
  /** What this page adds to the common style sheet, `public/pay.css`. */
  readonly style?: string;
  /** The page's one inline script, our own source and never data. Its `data-` attributes carry what it needs. */
  readonly script?: { readonly source: string; readonly data: Readonly<Record<string, string>> };
  readonly head?: Child;
  readonly children: Child;
}

/**
 * The document around every page: head with `noindex` and the link's preview, sandbox banner, the card, footer. Asks
 * for nothing but our own style sheet: no font, no script from anywhere.
 */
export function Layout({ frame, style = '', script, head, children }: LayoutProps): PageNode {
  const { strings } = frame;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={frame.locale.tag} dir={frame.locale.dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
          <title>{frame.title}</title>
          <meta name="robots" content="noindex" />
          <meta name="format-detection" content="telephone=no" />
          <meta name="theme-color" media="(prefers-color-scheme:light)" content={PAPER.light} />
          <meta name="theme-color" media="(prefers-color-scheme:dark)" content={PAPER.dark} />
          <Preview frame={frame} />
          <link rel="stylesheet" href="/pay.css" />
          {style !== '' && <style nonce={frame.nonce}>{raw(style)}</style>}
          {head}
        </head>
        <body>
          {frame.sandbox && (
            <header class="sandbox">
              <p>{strings.sandbox}</p>
            </header>
          )}
          <main>{children}</main>
          <footer>
            <span>SoftSolz Payments</span>
            {frame.reportUrl !== null && <a href={frame.reportUrl}>{strings.report}</a>}
          </footer>
          {script !== undefined && (
            <script nonce={frame.nonce} {...script.data}>
              {raw(script.source)}
            </script>
          )}
        </body>
      </html>
    </>
  );
}

interface FromProps {
  readonly businessName: string | null;
  /** What for, where the page's heading says something else. */
  readonly subject?: string;
  readonly strings: Strings;
}

/** The head of the card: who asks for the money, by name or by no name at all. */
export function From({ businessName, subject, strings }: FromProps): Child {
  return (
    <header class="from">
      <span class="mark" aria-hidden="true">
        {businessName === null ? <Icon name="lock" size={18} /> : firstLetter(businessName)}
      </span>
      <p>
        <bdi>{businessName ?? strings.securePayment}</bdi>
        {subject !== undefined && <bdi class="subject">{subject}</bdi>}
      </p>
    </header>
  );
}

/** Open Graph and Twitter: how the link unfurls in a chat. */
function Preview({ frame }: { frame: PageFrame }): Child {
  const { title, description, canonicalUrl, qrPngUrl } = frame;
  return (
    <>
      {description !== null && <meta name="description" content={description} />}
      <meta property="og:type" content="website" />
      <meta property="og:site_name" content="SoftSolz Payments" />
      <meta property="og:title" content={title} />
      {description !== null && <meta property="og:description" content={description} />}
      {canonicalUrl !== null && <meta property="og:url" content={canonicalUrl} />}
      {qrPngUrl !== null && <meta property="og:image" content={qrPngUrl} />}
      <meta name="twitter:card" content="summary" />
      <meta name="twitter:title" content={title} />
      {description !== null && <meta name="twitter:description" content={description} />}
      {qrPngUrl !== null && <meta name="twitter:image" content={qrPngUrl} />}
    </>
  );
}

function firstLetter(name: string): string {
  const [first] = new Intl.Segmenter().segment(name.trim().slice(0, 16));
  return (first?.segment ?? '').toUpperCase();
}
