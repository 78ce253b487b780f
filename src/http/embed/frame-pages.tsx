import type { Context } from 'hono';
import { Hono } from 'hono/tiny';
import { embedTokens } from '../../core/embed-token.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { isFormId, newFormId } from '../../core/ids.ts';
import { describeError, logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { EmbedAuthority } from '../../db/public-keys.ts';
import { linkUrl } from '../api/present-link.ts';
import { methodNotAllowed } from '../middleware/method-not-allowed.ts';
import { localeOf, withQuery } from '../pay/frame.ts';
import { shownName } from '../pay/load-link.ts';
import { loadStrings } from '../pay/load-strings.ts';
import { loadStyle } from '../pay/load-style.ts';
import type { Locale } from '../pay/locale.ts';
import type { Strings } from '../pay/strings.tsx';
import { asApiError } from '../respond-error.ts';
import { type FrameEnv, frameHeaders } from './frame-headers.ts';
import { ClosedFrame, type FrameData, FramePage, frameTexts } from './frame-page.tsx';
import { publishableKeyOf, refuseSoldOut, requireOpenLink } from './open-link.ts';
import { type ReadGrant, readAuthority, readGrant } from './read-grant.ts';

/** `/embed/payments`: our pages inside a merchant's. */
export const framePages = new Hono<FrameEnv>();

framePages.use(frameHeaders());

framePages.get('/frame', async (c) => {
  const granted = await readGrant(c, c.req.query('t'), 'open_frame');
  const embed = await readAuthority(granted);
  // From here on the page may show in its frame why it takes no payment.
  c.set('framedBy', granted.grant.origin);
  const { link } = requireOpenLink(embed, Date.now());
  refuseSoldOut(link);
  publishableKeyOf(c.var.config, embed.workspace.mode, c.var.requestId);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const data = await frameData(c, granted, { link, locale, strings });
  const own = { locale, strings, data, nonce: c.var.nonce, sheet: await loadStyle(c.env.ASSETS) };
  return await c.html(<FramePage {...viewOf({ embed, link })} {...own} />);
});
framePages.all('/frame', methodNotAllowed('GET'));

function viewOf({ embed, link }: { embed: EmbedAuthority; link: PaymentLink }) {
  return {
    sandbox: embed.workspace.mode === 'sandbox',
    businessName: shownName({ link, workspace: embed.workspace }),
    heading: link.title,
    currency: link.currency,
    amountMinor: link.amountMinor,
    minAmountMinor: link.minAmountMinor,
    suggestedAmountsMinor: link.suggestedAmountsMinor ?? [],
    button: { background: link.buttonColor, text: link.buttonTextColor },
  };
}

async function frameData(
  c: Context<FrameEnv>,
  { grant }: ReadGrant,
  { link, locale, strings }: { link: PaymentLink; locale: Locale; strings: Strings },
): Promise<FrameData> {
  const { publicUrl, secretsKey, stripeJsUrl } = c.var.config;
  const tokens = await embedTokens(secretsKey);
  const form = c.req.query('form') ?? '';
  const lang = { lang: localeOf(c).tag };
  const payUrl = linkUrl(publicUrl, link.token);
  return {
    t: await tokens.issue('frame', grant, Date.now()),
    form: isFormId(form) ? form : newFormId(),
    origin: grant.origin,
    lang: locale.tag,
    amount: link.amountMinor === null ? { label: strings.amount, empty: strings.faults.empty } : null,
    stripeJs: stripeJsUrl,
    sessionUrl: withQuery('/api/v1/embed/payments/sessions', lang),
    statusUrl: '/api/v1/embed/payments/status',
    payUrl: withQuery(payUrl, lang),
    doneUrl: withQuery(`${payUrl}/done`, lang),
    texts: frameTexts(strings),
  };
}

/** A fault as a page: never a stack, never JSON, and no script. */
framePages.onError(async (error, c) => {
  const known = asApiError(error);
  if (known.status >= 500) {
    logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  }
  for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const { status, title, text } = closedAs(known.code, strings);
  const sheet = await loadStyle(c.env.ASSETS);
  return await c.html(<ClosedFrame {...{ locale, nonce: c.var.nonce, sheet, title, text }} />, status);
});

/** Whoever may not open the frame is told that it is over, whatever the reason: nothing else is of use to a buyer. */
function closedAs(code: ErrorCode, { closed, embed }: Strings) {
  switch (code) {
    case 'invalid_embed_token':
    case 'invalid_api_key':
    case 'origin_not_allowed':
      return { status: 403, ...embed.over } as const;
    case 'not_found':
      return { status: 404, ...closed.not_found } as const;
    case 'method_not_allowed':
      return { status: 405, ...closed.wrong_method } as const;
    case 'payment_link_inactive':
      return { status: 410, ...closed.inactive } as const;
    case 'payment_link_sold_out':
      return { status: 410, ...closed.sold_out } as const;
    case 'CONNECT_ACCOUNT_MISSING':
    case 'CONNECT_ACCOUNT_NOT_READY':
    case 'service_inactive':
      return { status: 503, ...closed.not_ready } as const;
    default:
      return { status: 503, ...closed.unavailable } as const;
  }
}
