import type { Context } from 'hono';
import type { LinkWithSeller } from '../../db/payment-links.ts';
import { prefillParameters, readPrefill } from '../buyer/pay-form.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { ClosedPage } from './closed-page.tsx';
import { askedLanguage, frameOf, pathsOf, withQuery } from './frame.ts';
import { shownName } from './load-link.ts';
import type { ClosedPageView } from './view.ts';

const STATUS = {
  not_found: 404,
  inactive: 410,
  expired: 410,
  sold_out: 410,
  sold_out_held: 410,
  not_ready: 503,
  slow_down: 429,
  unavailable: 503,
  done_unavailable: 503,
  refused: 403,
  wrong_method: 405,
} as const satisfies Record<ClosedPageView['reason'], number>;

/** When the merchant's own words fit, and another try does not help: the buyer has come too late. */
const TOO_LATE: readonly ClosedPageView['reason'][] = ['inactive', 'expired', 'sold_out'];

/** A page that takes no payment, with its status. `of`: null where there is no link. */
export async function respondClosed(
  c: Context<PageEnv>,
  of: LinkWithSeller | null,
  reason: ClosedPageView['reason'],
  retryAfterSeconds: number | null = null,
): Promise<Response> {
  if (retryAfterSeconds !== null) c.header('Retry-After', String(retryAfterSeconds));
  const tooLate = TOO_LATE.includes(reason);
  const view: ClosedPageView = {
    ...(await frameOf(c, of)),
    kind: 'closed',
    reason,
    businessName: of ? shownName(of) : null,
    heading: of?.link.title ?? null,
    message: tooLate ? (of?.link.inactiveMessage ?? null) : null,
    retryUrl: tooLate ? null : retryUrlOf(c, of, reason),
    statusUrl: reason === 'done_unavailable' ? statusUrlOf(c) : null,
    retryAfterSeconds,
  };
  return await c.html(<ClosedPage {...view} />, STATUS[reason]);
}

function retryUrlOf(c: Context<PageEnv>, of: LinkWithSeller | null, reason: ClosedPageView['reason']): string | null {
  const { pathname, search } = new URL(c.req.url);
  // The form is taken at that address alone, whatever other name the Worker is reached by.
  if (reason === 'refused') return `${c.var.config.publicUrl}${pathname}${search}`;
  if (reason === 'wrong_method' || reason === 'done_unavailable') return `${pathname}${search}`;
  // With the form that was sent: what Stripe has made of it, and the place it holds, are used again.
  return of ? withQuery(pathsOf(of.link.token).pay, c.var.sameForm ?? broughtAlong(c)) : null;
}

function statusUrlOf(c: Context<PageEnv>): string {
  const { doneStatus } = pathsOf(c.req.param('token') ?? '');
  return withQuery(doneStatus, { session_id: c.req.query('session_id') ?? '' });
}

/** What the link brought to a page that was only read. */
function broughtAlong(c: Context<PageEnv>): Record<string, string> {
  return { ...prefillParameters(readPrefill(c.req.query())), ...askedLanguage(c) };
}
