import type { Context } from 'hono';
import { describeError, logLine } from '../../core/log.ts';
import type { LinkRefusal } from '../../domain/links/readiness.ts';
import { pathsOf, withQuery } from '../buyer/buyer-request.ts';
import { askedLanguage } from '../buyer/locale.ts';
import type { ClosedReason } from '../buyer/strings.tsx';
import { asApiError, noRouteError } from '../respond-error.ts';
import { ClosedPage, type ClosedPageView } from './closed-page.tsx';
import { earlierPayments, paidNotice, sessionsOfVisitor } from './earlier-payments.ts';
import { layoutOf } from './layout.tsx';
import { type LoadedLink, loadLink, type PageEnv } from './load-link.ts';
import { prefillInAddress } from './page-query.ts';
import { doneQuery } from './requests.ts';

const STATUS = {
  not_found: 404,
  inactive: 410,
  expired: 410,
  sold_out: 410,
  sold_out_held: 410,
  already_paid: 200,
  processing: 200,
  not_ready: 503,
  slow_down: 429,
  unavailable: 503,
  done_unavailable: 503,
  refused: 403,
  wrong_method: 405,
} as const satisfies Record<ClosedReason, number>;

/** For these reasons the link is closed: the page has the merchant's own text, and no link to try again. */
const TOO_LATE: readonly ClosedReason[] = ['inactive', 'expired', 'sold_out'];

const RETRY_AFTER_SECONDS = 5;

/**
 * Answers with a page without a payment form. `reason` decides the status. `loaded`: null if no link is known. Buyers who
 * have paid find the way to their receipt: where the link is closed that is the whole page, else a notice on it.
 */
export async function respondClosed(
  c: Context<PageEnv>,
  loaded: LoadedLink | null,
  reason: ClosedReason,
  retryAfterSeconds: number | null = null,
): Promise<Response> {
  const earlier = loaded && paidNotice(c, loaded.link.token, earlierPayments(c, loaded));
  const isTooLate = TOO_LATE.includes(reason);
  const shown = isTooLate && earlier ? earlier.status : reason;
  c.var.notes.code ??= shown;
  if (retryAfterSeconds !== null) c.header('Retry-After', String(retryAfterSeconds));
  const view: ClosedPageView = {
    ...(await layoutOf(c, loaded)),
    reason: shown,
    message: isTooLate && !earlier ? (loaded?.link.inactiveMessage ?? null) : null,
    retryUrl: isTooLate ? (earlier?.url ?? null) : retryUrlOf(c, loaded, reason),
    statusUrl: reason === 'done_unavailable' ? statusUrlOf(c) : null,
    retryAfterSeconds,
    // The page of a payment that cannot be shown leads to that payment alone.
    earlier: isTooLate || reason === 'done_unavailable' ? null : earlier,
  };
  return await c.html(<ClosedPage {...view} />, STATUS[shown]);
}

/** Answers with a page for a link that takes no payment. It hides what is wrong with the seller's account. */
export async function respondRefusal(c: Context<PageEnv>, loaded: LoadedLink, refusal: LinkRefusal): Promise<Response> {
  const isClosed = refusal === 'inactive' || refusal === 'expired' || refusal === 'sold_out';
  return await respondClosed(c, loaded, isClosed ? refusal : 'not_ready');
}

/** The addresses that programs load, not people: QR codes, and the status of a payment. */
const NOT_A_PAGE = /^\/pay\/link\/[^/]+\/(qr\.svg|qr\.png|done\/status)$/;

/**
 * Answers a request below `/pay` that no route takes with a page, because people follow links that were cut off or
 * mistyped. `allow`: the methods of the path for a 405, or null for a 404. Throws the 405 if the path is not that of a
 * page.
 */
export async function respondUnknownPage(c: Context<PageEnv>, allow: string | null): Promise<Response> {
  if (allow === null) return await respondClosed(c, null, 'not_found');
  if (NOT_A_PAGE.test(c.req.path)) throw noRouteError(c.req.method, c.req.path, allow);
  c.header('Allow', allow);
  return await respondClosed(c, null, 'wrong_method');
}

/**
 * Answers an error on a buyer's page with a page: the seller's account is not ready, or this service or Stripe does not
 * answer. On the page after Checkout `reason` is `done_unavailable`: the buyer may have paid, so the page tries again
 * by itself and offers no payment.
 */
export async function respondFault(
  error: unknown,
  c: Context<PageEnv>,
  reason: 'unavailable' | 'done_unavailable' = 'unavailable',
): Promise<Response> {
  const known = asApiError(error);
  c.var.notes.code = known.code;
  const isNotReady = known.code === 'CONNECT_ACCOUNT_MISSING' || known.code === 'CONNECT_ACCOUNT_NOT_READY';
  if (!isNotReady) logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  // If the database is what has failed, the page names no link.
  const loaded = await loadLink(c, sessionsOfVisitor(c)).catch(() => null);
  if (isNotReady) return await respondClosed(c, loaded, 'not_ready');
  return await respondClosed(c, loaded, reason, RETRY_AFTER_SECONDS);
}

function retryUrlOf(c: Context<PageEnv>, loaded: LoadedLink | null, reason: ClosedReason): string | null {
  // Only what we know: any other parameter may identify the buyer.
  const next = { ...prefillInAddress(c), ...askedLanguage(c) };
  const known = { ...doneQuery.safeParse(c.req.query()).data, ...next };
  const same = withQuery(new URL(c.req.url).pathname, known);
  // Only a form from a page at our own address is accepted, even if the Worker has other names.
  if (reason === 'refused') return `${c.var.config.publicUrl}${same}`;
  if (reason === 'wrong_method' || reason === 'done_unavailable') return same;
  // The address to try again keeps what the buyer has entered, if a form was read.
  return loaded ? withQuery(pathsOf(loaded.link.token).pay, c.var.sameForm ?? next) : null;
}

/** The address of the status that the page asks for. null: the request names no session. */
function statusUrlOf(c: Context<PageEnv>): string | null {
  const query = doneQuery.safeParse(c.req.query());
  return query.success ? withQuery(pathsOf(c.req.param('token') ?? '').doneStatus, query.data) : null;
}
