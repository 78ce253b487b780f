import type { Context } from 'hono';
import type { Bootstrap } from '../../contract/embed-api.ts';
import { embedTokenExpiry, embedTokens } from '../../core/embed-token.ts';
import { newFormId } from '../../core/ids.ts';
import { formatMoney } from '../../core/money/money.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { linkUrl } from '../../core/urls.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { EmbedEnv } from '../app-env.ts';
import { buttonColours } from '../buyer/button-colours.ts';
import { withQuery } from '../buyer/buyer-request.ts';
import { type Prefill, widgetPrefillParameters } from '../buyer/fields.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { askedLanguage, type Locale, localeOf } from '../buyer/locale.ts';
import { shownButton, shownName } from '../buyer/page-parts.tsx';
import { fill, type Strings } from '../buyer/strings.tsx';
import { openLink, publishableKeyOf } from './grant.ts';

/** The path of the page in the widget's frame. */
const FRAME_PATH = '/embed/payments/frame';

/**
 * Makes the answer with which the widget shows its button, and the signed token that opens its frame. Throws ApiError
 * if the link takes no payment.
 */
export async function bootstrap(c: Context<EmbedEnv>, prefill: Prefill): Promise<Bootstrap> {
  const { config, embed, origin } = c.var;
  const now = Date.now();
  const link = openLink(embed, now);
  publishableKeyOf(config, embed.workspace.mode, c.var.requestId);
  const tokens = await embedTokens(config);
  const token = await tokens.issue('page', { keyId: embed.key.id, origin, link: link.token }, now);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const { embed: texts } = strings;
  const prefilled = widgetPrefillParameters(prefill);
  return {
    token,
    frame_url: withQuery(`${config.publicUrl}${FRAME_PATH}`, {
      t: token,
      lang: locale.tag,
      ...prefilled,
      // The widget adds two digits, other ones for each checkout. A frame that the browser reloads has the same id and
      // session.
      form: newFormId().slice(0, -2),
    }),
    pay_url: withQuery(linkUrl(config.publicUrl, link.token), { ...askedLanguage(c), ...prefilled }),
    expires_at: toRfc3339(embedTokenExpiry(now)),
    sandbox: embed.workspace.mode === 'sandbox',
    link: {
      id: link.token,
      title: link.title,
      amount_cents: link.amountMinor,
      currency: link.currency,
      amount_editable: link.amountMinor === null,
      ...buttonTexts(link, locale, strings),
      business_name: shownName({ ...embed, link }),
    },
    button: buttonColours(shownButton({ ...embed, link })),
    language: locale.tag,
    dir: locale.dir,
    texts: { close: texts.close, continue: texts.continueOnPage, loading: texts.loading },
  };
}

/** The texts of the button. Isolates keep the amount together in a text from right to left (Unicode UAX #9). */
function buttonTexts({ amountMinor, currency }: PaymentLink, locale: Locale, strings: Strings) {
  if (amountMinor === null) return { amount_text: null, label: strings.embed.pay };
  const text = formatMoney({ amountMinor, currency }, locale.tag);
  const amount = locale.dir === 'rtl' ? `\u2068${text}\u2069` : text;
  return { amount_text: text, label: fill(strings.pay, { amount }) };
}
