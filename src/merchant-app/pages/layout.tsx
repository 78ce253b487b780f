import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';
import { SERVICE_NAME } from '../../http/buyer/page-parts.tsx';
import type { Language } from '../language.ts';

/** What a page renders to. */
export type PageNode = HtmlEscapedString | Promise<HtmlEscapedString>;

interface PageView {
  readonly language: Language;
  /** What the browser's tab says before the name of the service. */
  readonly title: string;
  /** `solo`: one card in the middle. `app`: a screen of a workspace. `poster`: a page to print. */
  readonly kind?: 'solo' | 'app' | 'poster';
  /** Whether the icon is that of the sandbox. */
  readonly isSandbox?: boolean;
  /** The addresses of scripts beside that of all pages. */
  readonly scripts?: readonly string[];
  /** The address of a style sheet beside that of all pages. */
  readonly styleSheet?: string;
  readonly children: Child;
}

/** The script of all pages, which work without it. */
const SCRIPT = '/app/app.js';

/** The HTML document of a page. The children of one of the kind `solo` are inside of `main`. */
export function Page({
  language,
  title,
  kind = 'solo',
  isSandbox = false,
  scripts = [],
  styleSheet,
  children,
}: PageView): PageNode {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language} dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover" />
          <title>{`${title} · ${SERVICE_NAME}`}</title>
          <meta name="robots" content="noindex" />
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href={isSandbox ? '/app/favicon-sandbox.svg' : '/app/favicon.svg'} type="image/svg+xml" />
          <link rel="stylesheet" href="/app/style.css" />
          {styleSheet !== undefined && <link rel="stylesheet" href={styleSheet} />}
          {[SCRIPT, ...scripts].map((script) => (
            <script src={script} type="module" />
          ))}
        </head>
        <body class={kind}>{kind === 'solo' ? <main>{children}</main> : children}</body>
      </html>
    </>
  );
}

/** The mark of the service, above the heading of a card. */
export function Mark(): Child {
  return <img src="/app/favicon.svg" alt="" width="44" height="44" />;
}

interface CardPageView {
  readonly language: Language;
  readonly title: string;
  readonly text: string;
  /** What the reader can do. */
  readonly children: Child;
}

/** A page with one card: a heading, a sentence, and what the reader can do. */
export function CardPage({ language, title, text, children }: CardPageView): PageNode {
  return (
    <Page language={language} title={title}>
      <div class="card stack">
        <Mark />
        <div class="stack tight">
          <h1>{title}</h1>
          <p class="soft">{text}</p>
        </div>
        {children}
      </div>
    </Page>
  );
}
