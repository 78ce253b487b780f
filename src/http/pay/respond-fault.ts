import type { Context } from 'hono';
import { describeError, logLine } from '../../core/log.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { asApiError } from '../respond-error.ts';
import { respondClosed } from './closed-response.tsx';
import { loadLink } from './load-link.ts';

const RETRY_AFTER_SECONDS = 5;

/**
 * A fault on a buyer's page, as a page: an account that is not ready, or a part of ours or Stripe out of reach. Never a
 * stack, never JSON.
 */
export async function respondFault(error: unknown, c: Context<PageEnv>): Promise<Response> {
  return await respond(error, c, 'unavailable');
}

/** A fault on the page after Checkout. Whoever sees it may have paid: the page asks again by itself, and offers no payment. */
export async function respondDoneFault(error: unknown, c: Context<PageEnv>): Promise<Response> {
  return await respond(error, c, 'done_unavailable');
}

async function respond(
  error: unknown,
  c: Context<PageEnv>,
  reason: 'unavailable' | 'done_unavailable',
): Promise<Response> {
  const known = asApiError(error);
  if (known.code === 'CONNECT_ACCOUNT_MISSING' || known.code === 'CONNECT_ACCOUNT_NOT_READY') {
    return await respondClosed(c, await loadLink(c).catch(() => null), 'not_ready');
  }
  logLine('error', known.code, { request_id: c.var.requestId, error: describeError(known) });
  // The database may be what has failed: then the page names no link.
  return await respondClosed(c, await loadLink(c).catch(() => null), reason, RETRY_AFTER_SECONDS);
}
