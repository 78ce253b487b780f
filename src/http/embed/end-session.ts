import { ApiError } from '../../core/errors.ts';
import { findPaymentOfLink } from '../../db/payments.ts';
import { expireSession } from '../../domain/checkout/expire-session.ts';
import { inWorkspace } from '../../domain/context.ts';
import type { AppContext } from '../app-env.ts';
import { buyerContext } from '../buyer/buyer-context.ts';
import { originNotAllowed } from '../middleware/allowed-origin.ts';
import { readJson } from '../middleware/json-body.ts';
import { countVisitor } from '../middleware/public-key.ts';
import { isSameOrigin } from '../middleware/same-site.ts';
import { readAuthority, readGrant } from './read-grant.ts';
import { publicStatus, SESSION_ID } from './read-status.ts';

/**
 * Ends a session that its buyer has left for another way to pay, so that it is not paid as well and its place on the link is
 * free again. One that is paid, or on its way, stays what it is: `status` says so. Throws `not_found`.
 */
export async function endSession(c: AppContext) {
  if (!isSameOrigin(c.req, c.var.config.publicUrl)) throw originNotAllowed();
  const { t, session_id: sessionId } = await readJson(c, false);
  const granted = await readGrant(c, t, 'read_status');
  const { grant, database } = granted;
  const id = typeof sessionId === 'string' && SESSION_ID.test(sessionId) ? sessionId : null;
  if (id !== null) await countVisitor(c, id);
  const payment = id === null ? null : await findPaymentOfLink(database, grant.link, id);
  if (!payment) throw new ApiError('not_found', "No session with this id of this token's link.");
  if (payment.status !== 'created') return { status: publicStatus(payment) };
  const embed = await readAuthority(c, granted);
  const ended = await expireSession(inWorkspace(buyerContext(c, granted), embed), payment.id);
  return { status: publicStatus(ended) };
}
