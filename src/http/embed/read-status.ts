import { ApiError } from '../../core/errors.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import type { AppContext } from '../app-env.ts';
import { originNotAllowed } from '../middleware/allowed-origin.ts';
import { countVisitor } from '../middleware/public-key.ts';
import { isSameSite } from '../middleware/same-site.ts';
import { readGrant } from './read-grant.ts';

/** Stripe's id of a session. */
export const SESSION_ID = /^cs_[0-9A-Za-z_]{1,250}$/;

/**
 * What became of a session of the token's link, as a buyer may see it: no e-mail address. One database round trip. A key that
 * was revoked meanwhile takes nobody's result away.
 */
export async function readStatus(c: AppContext) {
  if (!isSameSite(c.req, c.var.config.publicUrl)) throw originNotAllowed();
  const { t, session_id: sessionId = '' } = c.req.query();
  const { grant, database } = await readGrant(c, t, 'read_status');
  const known = SESSION_ID.test(sessionId);
  if (known) await countVisitor(c, sessionId);
  const payment = known ? await findPaymentOfLink(database, grant.link, sessionId) : null;
  if (!payment) throw new ApiError('not_found', "No session with this id of this token's link.");
  return {
    status: publicStatus(payment),
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    reference: payment.reference,
  };
}

/** Until Stripe has said otherwise a payment is being confirmed: a late webhook is no failure. */
export function publicStatus({ status }: PaymentView) {
  return status === 'created' ? 'confirming' : status;
}
