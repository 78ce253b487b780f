import { type Context, Hono } from 'hono';
import type { FrameData } from '../../contract/frame-data.ts';
import { embedTokens } from '../../core/embed-token.ts';
import { newFormId } from '../../core/ids.ts';
import { describeError, logLine } from '../../core/log.ts';
import { linkUrl } from '../../core/urls.ts';
import type { EmbedAuthority } from '../../db/api-keys.ts';
import type { PaymentLink } from '../../db/payment-links.ts';
import { withQuery } from '../buyer/buyer-request.ts';
import { widgetPrefillParameters } from '../buyer/fields.ts';
import { loadAsset } from '../buyer/load-asset.ts';
import { loadStrings } from '../buyer/load-strings.ts';
import { localeOf } from '../buyer/locale.ts';
import { linkView } from '../buyer/page-parts.tsx';
import type { Strings } from '../buyer/strings.tsx';
import type { PageHeadersEnv } from '../middleware/security-headers.ts';
import { validQuery } from '../middleware/validate.ts';
import { asApiError } from '../respond-error.ts';
import { ClosedFrame, type ClosedSeller, FramePage } from './frame-page.tsx';
import { closedAs, frameTexts } from './frame-texts.ts';
import { openLink, publishableKeyOf, type ReadGrant, readAuthority, readGrant } from './grant.ts';
import { type FrameQuery, frameQuery } from './requests.ts';
import { themeOf } from './theme.ts';

/** What the routes of the widget's frame find in their Hono context. */
export interface FrameEnv extends PageHeadersEnv {
  Variables: PageHeadersEnv['Variables'] & {
    /** The payment link and its seller, once they are read. Not set: an error names no seller. */
    shown: EmbedAuthority | undefined;
  };
}

/** `/embed/payments`: the pages that the widget shows in its frame on a merchant's page. */
export const frameRoutes = new Hono<FrameEnv>();

frameRoutes.onError(respondFrameFault);

frameRoutes.get('/frame', validQuery(frameQuery), async (c) => {
  const query = c.req.valid('query');
  const granted = await readGrant(c, query.t, 'open_frame');
  const embed = await readAuthority(c, granted);
  // From here on an error can be shown in the frame, because the origin of the merchant's page is known to be allowed.
  c.set('framedBy', granted.grant.origin);
  c.set('shown', embed);
  const link = openLink(embed, Date.now());
  publishableKeyOf(c.var.config, embed.workspace.mode, c.var.requestId);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const data = await frameData(c, granted, { query, link, strings });
  const sandbox = embed.workspace.mode === 'sandbox';
  const sheet = await loadAsset(c.env.ASSETS, '/embed/frame.css');
  const script = await loadAsset(c.env.ASSETS, '/embed/frame.js');
  const message = link.inactiveMessage;
  const own = { locale, strings, sandbox, message, data, nonce: c.var.nonce, sheet, script, theme: themeOf(c) };
  return await c.html(<FramePage {...linkView({ ...embed, link })} {...own} />);
});

async function frameData(
  c: Context<FrameEnv>,
  { grant }: ReadGrant,
  { query, link, strings }: { query: FrameQuery; link: PaymentLink; strings: Strings },
): Promise<FrameData> {
  const { publicUrl, stripeJsUrl } = c.var.config;
  const tokens = await embedTokens(c.var.config);
  const lang = { lang: localeOf(c).tag };
  const payUrl = linkUrl(publicUrl, link.token);
  return {
    t: await tokens.issue('frame', grant, Date.now()),
    form: query.form ?? newFormId(),
    origin: grant.origin,
    reference: query.prefill.reference,
    amount: link.amountMinor === null ? { empty: strings.faults.empty } : null,
    stripeJs: stripeJsUrl,
    sessionUrl: withQuery('/api/v1/embed/payments/sessions', lang),
    statusUrl: withQuery('/api/v1/embed/payments/status', lang),
    endUrl: '/api/v1/embed/payments/sessions/end',
    limited: link.maxPayments !== null,
    payUrl: withQuery(payUrl, { ...lang, ...widgetPrefillParameters(query.prefill) }),
    doneUrl: withQuery(`${payUrl}/done`, lang),
    texts: frameTexts(strings, link.inactiveMessage),
  };
}

/** Answers an error with a page for the frame, which posts the error code to the origin that may frame it. */
export async function respondFrameFault(error: unknown, c: Context<FrameEnv>): Promise<Response> {
  const known = asApiError(error);
  c.var.notes.code = known.code;
  if (known.status >= 500) {
    logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  }
  for (const [name, value] of Object.entries(known.headers)) c.header(name, value);
  const { locale, strings } = await loadStrings(c.env.ASSETS, localeOf(c));
  const { status, ...text } = closedAs(known.code, strings);
  const sheet = await loadAsset(c.env.ASSETS, '/embed/frame.css');
  const notified = c.var.framedBy === undefined ? null : { origin: c.var.framedBy, reason: known.code };
  const seller = closedSeller(c.var.shown);
  const message = status === 410 ? (c.var.shown?.link?.inactiveMessage ?? null) : null;
  const own = { locale, strings, nonce: c.var.nonce, sheet, theme: themeOf(c), text, message, seller, notified };
  return await c.html(<ClosedFrame {...own} />, status);
}

/** What a closed frame shows of the link and its seller. null: no link is known. */
function closedSeller(shown: EmbedAuthority | undefined): ClosedSeller | null {
  if (!shown?.link) return null;
  return { ...linkView({ ...shown, link: shown.link }), sandbox: shown.workspace.mode === 'sandbox' };
}
