import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { linkUrl } from '../../core/urls.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import { PAPER } from '../buyer/button-colours.ts';
import { pathsOf } from '../buyer/buyer-request.ts';
import { prefill, prefillParameters } from '../buyer/fields.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { type Locale, localeOf } from '../buyer/locale.ts';
import type { PageNode } from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import type { PageEnv } from './load-link.ts';
import { doneQuery } from './requests.ts';

/** What every page below `/pay` needs for the document around its content. */
export interface PageLayout {
  readonly locale: Locale;
  /** The texts in the locale's language. */
  readonly strings: Strings;
  /** The query of the page for the same page in another language. */
  readonly query: Readonly<Record<string, string>>;
  readonly sandbox: boolean;
  /** The address where a buyer can report the page, for the footer. null: the footer has no such link. */
  readonly reportUrl: string | null;
  /** The value with which the Content-Security-Policy allows the page's own `<style>` and `<script>`. */
  readonly nonce: string;
  /** The title for the browser tab, and for the preview of the address in a chat. */
  readonly title: string;
  readonly description: string | null;
  readonly canonicalUrl: string | null;
  /** The absolute URL of the picture in the preview of the address in a chat. */
  readonly qrPngUrl: string | null;
}

/**
 * Makes the layout of a page in the language of its reader, or in English if we do not have that. `seller`: the link
 * and its seller, or null if no link is known.
 */
export async function layoutOf(c: Context<PageEnv>, seller: LinkWithSeller | null): Promise<PageLayout> {
  const { config, nonce } = c.var;
  const link = seller?.link ?? null;
  return {
    ...(await loadStrings(c.env.ASSETS, localeOf(c))),
    query: c.var.sameForm ?? {
      ...prefillParameters(prefill.parse(c.req.query())),
      ...doneQuery.safeParse(c.req.query()).data,
    },
    sandbox: seller?.workspace.mode === 'sandbox',
    reportUrl: config.reportUrl,
    nonce,
    title: link?.title ?? 'SoftSolz Payments',
    description: link?.description ?? null,
    canonicalUrl: link ? linkUrl(config.publicUrl, link.token) : null,
    qrPngUrl: link ? `${config.publicUrl}${pathsOf(link.token).qrPng}` : null,
  };
}

interface LayoutProps {
  readonly page: PageLayout;
  /** CSS that this page adds to the common style sheet, `public/pay.css`. */
  readonly style?: string;
  /** The script of the page. `source`: a constant without data. `data`: the `data-` attributes of its element. */
  readonly script?: { readonly source: string; readonly data: Readonly<Record<string, string>> };
  readonly head?: Child;
  /** Where the form of the page is sent for another language. Not set: the page has no form. */
  readonly formAction?: string;
  readonly children: Child;
}

/**
 * The HTML document of a page: a head with `noindex` and Open Graph tags, a banner in test mode, the content and a
 * footer with the other languages. It loads the style sheet `/pay.css` and an icon. `style` and `script` are written into the page.
 */
export function Layout({ page, style = '', script, head, formAction, children }: LayoutProps): PageNode {
  const { strings } = page;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={page.locale.tag} dir={page.locale.dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
          <title>{page.title}</title>
          <meta name="robots" content="noindex" />
          <meta name="format-detection" content="telephone=no" />
          <meta name="theme-color" media="(prefers-color-scheme:light)" content={PAPER.light} />
          <meta name="theme-color" media="(prefers-color-scheme:dark)" content={PAPER.dark} />
          <Preview page={page} />
          <link rel="stylesheet" href="/pay.css" />
          {style !== '' && <style nonce={page.nonce}>{raw(style)}</style>}
          {head}
        </head>
        <body>
          {page.sandbox && (
            <header class="sandbox">
              <p>{strings.sandbox}</p>
            </header>
          )}
          <main>{children}</main>
          <footer>
            <span>SoftSolz Payments</span>
            {page.reportUrl !== null && <a href={page.reportUrl}>{strings.report}</a>}
            <LanguageSwitch page={page} formAction={formAction} />
          </footer>
          {script !== undefined && (
            <script nonce={page.nonce} {...script.data}>
              {raw(script.source)}
            </script>
          )}
        </body>
      </html>
    </>
  );
}

/** The tags from which a chat makes the preview of an address: Open Graph and Twitter. */
function Preview({ page }: { page: PageLayout }): Child {
  const { title, description, canonicalUrl, qrPngUrl } = page;
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
