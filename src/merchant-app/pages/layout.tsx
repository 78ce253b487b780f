import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import type { HtmlEscapedString } from 'hono/utils/html';

export const SERVICE_NAME = 'SoftSolz Payments';

/** What a page renders to. */
export type PageNode = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The HTML document of a page. `title`: what the browser's tab says before the name of the service. */
export function Page({ title, children }: { title: string; children: Child }): PageNode {
  return (
    <>
      {raw('<!doctype html>')}
      <html lang="en" dir="ltr">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <title>{`${title} · ${SERVICE_NAME}`}</title>
          <meta name="robots" content="noindex" />
          <meta name="color-scheme" content="light dark" />
          <link rel="icon" href="/app/favicon.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/app/style.css" />
        </head>
        <body>
          <main>{children}</main>
        </body>
      </html>
    </>
  );
}

/** The mark of the service, above the heading of a card. */
export function Mark(): Child {
  return <img src="/app/favicon.svg" alt="" width="44" height="44" />;
}
