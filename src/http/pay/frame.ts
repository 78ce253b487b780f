import type { Context } from 'hono';
import { linkUrl } from '../../core/urls.ts';
import type { LinkWithSeller, PaymentLink } from '../../db/payment-links.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { type Locale, negotiateLocale } from '../buyer/locale.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import type { PageFrame } from './view.ts';

/** Who reads this page: `?lang=`, else the browser's languages. What is typed is read by it, whatever the page is in. */
export function localeOf(c: Pick<Context, 'req'>): Locale {
  return negotiateLocale(c.req.query('lang'), c.req.header('Accept-Language'));
}

/** The language this reader asked for: it stays with the form, and with the buyer on the way to Stripe and back. */
export function askedLanguage(c: Pick<Context, 'req'>): Record<string, string> {
  return c.req.query('lang') === undefined ? {} : { lang: localeOf(c).tag };
}

/** A path or URL with parameters added to whatever query it has. */
export function withQuery(path: string, parameters: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(parameters).toString();
  if (query === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** The paths of a link's pages, relative to our own address. */
export function pathsOf(token: string) {
  const pay = `/pay/link/${encodeURIComponent(token)}`;
  return { pay, done: `${pay}/done`, doneStatus: `${pay}/done/status`, qrSvg: `${pay}/qr.svg`, qrPng: `${pay}/qr.png` };
}

/** What every page has around its content, in the reader's language or else in English. `of`: null for a page of no link. */
export async function frameOf(c: Context<PageEnv>, of: LinkWithSeller | null): Promise<PageFrame> {
  const { config, nonce } = c.var;
  const link: PaymentLink | null = of?.link ?? null;
  return {
    ...(await loadStrings(c.env.ASSETS, localeOf(c))),
    sandbox: of?.workspace.mode === 'sandbox',
    reportUrl: config.reportUrl,
    nonce,
    title: link?.title ?? 'SoftSolz Payments',
    description: link?.description ?? null,
    canonicalUrl: link ? linkUrl(config.publicUrl, link.token) : null,
    qrPngUrl: link ? `${config.publicUrl}${pathsOf(link.token).qrPng}` : null,
  };
}
