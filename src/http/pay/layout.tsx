import type { Context } from 'hono';
import { raw } from 'hono/html';
import type { Child } from 'hono/jsx';
import { linkUrl } from '../../core/urls.ts';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import { PAPER } from '../buyer/button-colours.ts';
import { loadAsset } from '../buyer/load-asset.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { type Locale, localeOf } from '../buyer/locale.ts';
import { type PageNode, SERVICE_NAME, type ShownProfile, shownName, shownProfile } from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import type { PageEnv } from './load-link.ts';
import { prefillInAddress } from './page-query.ts';
import { Preview, type PreviewImage, type PreviewText, previewImage } from './preview.tsx';
import { doneQuery } from './requests.ts';

/** What every page below `/pay` needs for the document around its content. */
export interface PageLayout {
  readonly locale: Locale;
  /** The texts in the locale's language. */
  readonly strings: Strings;
  /** The query of the page for the same page in another language. null: it has no other language. */
  readonly query: Readonly<Record<string, string>> | null;
  readonly sandbox: boolean;
  /** The address where a buyer can report the page, for the footer. null: the footer has no such link. */
  readonly reportUrl: string | null;
  /** The value with which the Content-Security-Policy allows the page's own `<style>` and `<script>`. */
  readonly nonce: string;
  /** The text of the style sheet. '': it could not be read, so the browser loads it as a file. */
  readonly sheet: string;
  /** The texts of the pages' scripts. '': it could not be read, so the page goes without. */
  readonly scripts: {
    /** Of the pay page. */
    readonly form: string;
    /** Of the page after Checkout. */
    readonly done: string;
  };
  /** The title of the payment link. null: no link is known. */
  readonly heading: string | null;
  /** The name of the seller. null: the page does not show it. */
  readonly businessName: string | null;
  readonly profile: ShownProfile;
  /** The address of the pay page. null: no link is known. */
  readonly canonicalUrl: string | null;
  readonly previewImage: PreviewImage;
  /** The names of the page's landmarks, where it stands inside of another page. Not set: it stands alone. */
  readonly landmarks?: { readonly header: string; readonly main: string; readonly footer: string };
}

/**
 * Makes the layout of a page in the language of its reader, or in English if we do not have that. `seller`: the link
 * and its seller, or null if no link is known. `locale`: the language of a page that has only one.
 */
export async function layoutOf(
  c: Context<PageEnv>,
  seller: LinkWithSeller | null,
  locale = localeOf(c),
): Promise<PageLayout> {
  const { config, nonce } = c.var;
  const { ASSETS } = c.env;
  const [reader, sheet, form, done] = await Promise.all([
    loadStrings(ASSETS, locale),
    loadAsset(ASSETS, '/pay/style.css'),
    loadAsset(ASSETS, '/pay/form.js'),
    loadAsset(ASSETS, '/pay/done.js'),
  ]);
  const businessName = seller ? shownName(seller) : null;
  const profile = shownProfile(seller);
  return {
    ...reader,
    query: c.var.sameForm ?? {
      ...prefillInAddress(c),
      ...doneQuery.safeParse(c.req.query()).data,
    },
    sandbox: seller?.workspace.mode === 'sandbox',
    reportUrl: config.reportUrl,
    nonce,
    sheet,
    scripts: { form, done },
    heading: seller?.link.title ?? null,
    businessName,
    profile,
    canonicalUrl: seller ? linkUrl(config.publicUrl, seller.link.token) : null,
    previewImage: previewImage(config.publicUrl, { businessName, profile, strings: reader.strings }),
  };
}

interface LayoutProps {
  readonly page: PageLayout;
  /** The title of the document: what a tab, a screen reader and a saved page are called. */
  readonly title: string;
  /** The preview of the address in a chat. Not set: it has the title of the payment link alone. */
  readonly preview?: PreviewText;
  /** CSS that this page adds to the common style sheet, `buyer/pay.css`. */
  readonly style?: string;
  /** The script of the page. `source`: one of `page.scripts`. `data`: the `data-` attributes of its element. */
  readonly script?: { readonly source: string; readonly data?: Readonly<Record<string, string>> };
  readonly head?: Child;
  /** Where the form of the page is sent for another language. Not set: the page has no form. */
  readonly formAction?: string;
  readonly children: Child;
}

/**
 * The HTML document of a page: a head with `noindex` and a preview for chats, a banner in test mode, the content and a
 * footer with the other languages. The style sheet, `style` and `script` are written into the page, so that it can be
 * read after one request.
 */
export function Layout({
  page,
  title,
  preview,
  style = '',
  script,
  head,
  formAction,
  children,
}: LayoutProps): PageNode {
  const { strings, sheet, nonce } = page;
  const css = sheet + style;
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={page.locale.tag} dir={page.locale.dir}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width,initial-scale=1" />
          <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
          <title>{title}</title>
          <meta name="robots" content="noindex" />
          <meta name="format-detection" content="telephone=no" />
          <meta name="theme-color" media="(prefers-color-scheme:light)" content={PAPER.light} />
          <meta name="theme-color" media="(prefers-color-scheme:dark)" content={PAPER.dark} />
          <LinkPreview page={page} preview={preview} />
          {sheet === '' && <link rel="stylesheet" href="/pay/style.css" />}
          {css !== '' && <style nonce={nonce}>{raw(css)}</style>}
          {head}
        </head>
        <body>
          {page.sandbox && (
            // biome-ignore lint/a11y/useAriaPropsSupportedByRole: outside of main a header is a landmark.
            <header class="sandbox" aria-label={page.landmarks?.header}>
              <p>{strings.sandbox}</p>
            </header>
          )}
          <main aria-label={page.landmarks?.main}>{children}</main>
          {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: as the header. */}
          <footer aria-label={page.landmarks?.footer}>
            <span>{SERVICE_NAME}</span>
            {page.reportUrl !== null && <a href={page.reportUrl}>{strings.report}</a>}
            {page.query !== null && (
              <LanguageSwitch locale={page.locale} strings={strings} query={page.query} formAction={formAction} />
            )}
          </footer>
          {script !== undefined && script.source !== '' && (
            <script nonce={nonce} {...script.data}>
              {raw(script.source)}
            </script>
          )}
        </body>
      </html>
    </>
  );
}

function LinkPreview({ page, preview }: { page: PageLayout; preview: PreviewText | undefined }): Child {
  const { heading, businessName, canonicalUrl, previewImage } = page;
  if (heading === null || canonicalUrl === null) return null;
  const { title, description } = preview ?? { title: heading, description: null };
  return (
    <Preview
      title={title}
      description={description}
      siteName={businessName ?? SERVICE_NAME}
      url={canonicalUrl}
      image={previewImage}
    />
  );
}

/** Without scripts a page that waits is loaded again after this time. */
const REFRESH_SECONDS = 5;

/** HTML for the head of a page that waits: if the script `done` does not run, the browser loads `url` after some seconds. */
export function ReloadWithoutScript({ page, url }: { page: PageLayout; url: string }): Child {
  const reload = <meta http-equiv="refresh" content={`${REFRESH_SECONDS};url=${url}`} />;
  return page.scripts.done === '' ? reload : <noscript>{reload}</noscript>;
}
