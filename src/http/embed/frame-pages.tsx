import { type Context, Hono } from 'hono';
import { embedTokens } from '../../core/embed-token.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { isFormId, newFormId } from '../../core/ids.ts';
import { describeError, logLine } from '../../core/log.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import type { EmbedAuthority } from '../../db/public-keys.ts';
import { linkUrl } from '../api/payment-links/present-link.ts';
import { loadAsset } from '../buyer/load-asset.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import type { Strings } from '../buyer/strings.tsx';
import { localeOf, withQuery } from '../pay/frame.ts';
import { shownName } from '../pay/load-link.ts';
import { asApiError } from '../respond-error.ts';
import { prefillOf } from './bootstrap.ts';
import { type FrameEnv, frameHeaders } from './frame-headers.ts';
import { ClosedFrame, type FrameData, FramePage, frameTexts, tooLate } from './frame-page.tsx';
import { publishableKeyOf, refuseSoldOut, requireOpenLink } from './open-link.ts';
import { type ReadGrant, readAuthority, readGrant } from './read-grant.ts';

/** The pay pages' style, and the frame's own script: the page carries both, so that they are no requests of their own. */
const STYLE = '/pay.css';
const SCRIPT = '/embed/frame.js';

/** `/embed/payments`: our pages inside a merchant's. */
export const framePages = new Hono<FrameEnv>();

framePages.use(frameHeaders());
framePages.onError(respondFrameFault);

framePages.get('/frame', async (c) => {
  const granted = await readGrant(c, c.req.query('t'), 'open_frame');
  const embed = await readAuthority(c, granted);
  // From here on the page may show in its frame why it takes no payment.
  c.set('framedBy', granted.grant.origin);
  c.set('lateMessage', embed.link?.inactiveMessage ?? undefined);
  const { link } = requireOpenLink(embed, Date.now());
  refuseSoldOut(link);
  publishableKeyOf(c.var.config, embed.workspace.mode, c.var.requestId);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const data = await frameData(c, granted, { link, strings });
  const sheet = await loadAsset(c.env.ASSETS, STYLE);
  const script = await loadAsset(c.env.ASSETS, SCRIPT);
  const own = { locale, strings, data, nonce: c.var.nonce, sheet, script };
  return await c.html(<FramePage {...viewOf({ embed, link })} {...own} />);
});

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
  { link, strings }: { link: PaymentLink; strings: Strings },
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
    email: c.req.query('email') ?? null,
    reference: c.req.query('reference') ?? null,
    amount: link.amountMinor === null ? { empty: strings.faults.empty } : null,
    stripeJs: stripeJsUrl,
    sessionUrl: withQuery('/api/v1/embed/payments/sessions', lang),
    statusUrl: '/api/v1/embed/payments/status',
    endUrl: '/api/v1/embed/payments/sessions/end',
    limited: link.maxPayments !== null,
    payUrl: withQuery(payUrl, { ...lang, ...prefillOf(c.req.query()) }),
    doneUrl: withQuery(`${payUrl}/done`, lang),
    texts: frameTexts(strings, c.var.lateMessage),
  };
}

/** Answers a fault as a page: never a stack, never JSON. */
export async function respondFrameFault(error: unknown, c: Context<FrameEnv>): Promise<Response> {
  const known = asApiError(error);
  if (known.status >= 500) {
    logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  }
  for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const { status, title, text } = closedAs(known.code, strings, c.var.lateMessage);
  const sheet = await loadAsset(c.env.ASSETS, STYLE);
  const told = c.var.framedBy === undefined ? null : { origin: c.var.framedBy, reason: known.code };
  return await c.html(<ClosedFrame {...{ locale, nonce: c.var.nonce, sheet, title, text, told }} />, status);
}

/** Whoever may not open the frame is told that it is over, whatever the reason: nothing else is of use to a buyer. */
function closedAs(code: ErrorCode, { closed, embed }: Strings, lateMessage: string | undefined) {
  switch (code) {
    case 'invalid_embed_token':
    case 'invalid_api_key':
    case 'origin_not_allowed':
      return { status: 403, ...embed.over } as const;
    case 'not_found':
      return { status: 404, ...closed.not_found } as const;
    case 'rate_limit_exceeded':
      return { status: 429, ...closed.slow_down } as const;
    case 'method_not_allowed':
      return { status: 405, ...closed.wrong_method } as const;
    case 'payment_link_inactive':
      return { status: 410, ...tooLate(closed.inactive, lateMessage) } as const;
    case 'payment_link_sold_out':
      return { status: 410, ...tooLate(closed.sold_out, lateMessage) } as const;
    case 'CONNECT_ACCOUNT_MISSING':
    case 'CONNECT_ACCOUNT_NOT_READY':
    case 'service_inactive':
      return { status: 503, ...closed.not_ready } as const;
    default:
      return { status: 503, ...closed.unavailable } as const;
  }
}
