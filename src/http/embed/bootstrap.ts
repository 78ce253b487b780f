import type { Context } from 'hono';
import { embedTokenExpiry, embedTokens } from '../../core/embed-token.ts';
import { newFormId } from '../../core/ids.ts';
import { formatMoney } from '../../core/money/money.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { linkUrl } from '../../core/urls.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { EmbedEnv } from '../app-env.ts';
import { buttonColours } from '../buyer/button-colours.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import type { Locale } from '../buyer/locale.ts';
import { readPrefill } from '../buyer/pay-form.ts';
import { fill, type Strings } from '../buyer/strings.tsx';
import { askedLanguage, localeOf, withQuery } from '../pay/frame.ts';
import { shownName } from '../pay/load-link.ts';
import { publishableKeyOf, refuseSoldOut, requireOpenLink } from './open-link.ts';

/** Where the frame is, below our own address. */
export const FRAME_PATH = '/embed/payments/frame';

/** What a merchant's page needs to show the button, and the signed token that opens the frame behind it. */
export async function bootstrap(c: Context<EmbedEnv>) {
  const { config, embed, origin } = c.var;
  const now = Date.now();
  const { link } = requireOpenLink(embed, now);
  refuseSoldOut(link);
  publishableKeyOf(config, embed.workspace.mode, c.var.requestId);
  const tokens = await embedTokens(config.secretsKey);
  const token = await tokens.issue('page', { keyId: embed.key.id, origin, link: link.token }, now);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  return {
    token,
    frame_url: withQuery(`${config.publicUrl}${FRAME_PATH}`, {
      t: token,
      lang: locale.tag,
      ...prefillOf(c.req.query()),
      // The loader adds two digits, others for each checkout: loaded again, a frame finds the very session it had.
      form: newFormId().slice(0, -2),
    }),
    pay_url: withQuery(linkUrl(config.publicUrl, link.token), { ...askedLanguage(c), ...prefillOf(c.req.query()) }),
    expires_at: toRfc3339(embedTokenExpiry(now)),
    sandbox: embed.workspace.mode === 'sandbox',
    link: {
      id: link.token,
      title: link.title,
      amount_cents: link.amountMinor,
      currency: link.currency,
      amount_editable: link.amountMinor === null,
      ...buttonTexts(link, locale, strings),
      business_name: shownName({ link, workspace: embed.workspace }),
    },
    button: buttonColours({ background: link.buttonColor, text: link.buttonTextColor }),
    language: locale.tag,
    dir: locale.dir,
    texts: widgetTexts(strings),
  };
}

/** What the merchant's page knows of its buyer, as far as it can be used: for the frame, and for whoever goes on to the pay page. */
export function prefillOf(query: Record<string, string>): Record<string, string> {
  const { email, reference } = readPrefill({ email: query.email, reference: query.reference });
  return { ...(email === null ? {} : { email }), ...(reference === null ? {} : { reference }) };
}

/** What the loader says around the frame. */
function widgetTexts({ embed }: Strings) {
  return { close: embed.close, continue: embed.continueOnPage, loading: embed.loading };
}

/** `label`: the whole text of the button. From the right an amount is kept together by an isolate (Unicode UAX #9). */
function buttonTexts({ amountMinor, currency }: PaymentLink, locale: Locale, strings: Strings) {
  if (amountMinor === null) return { amount_text: null, label: strings.embed.pay };
  const text = formatMoney({ amountMinor, currency }, locale.tag);
  const amount = locale.dir === 'rtl' ? `\u2068${text}\u2069` : text;
  return { amount_text: text, label: fill(strings.pay, { amount }) };
}
