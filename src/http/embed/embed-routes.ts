import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { EmbeddedSessionStatus, EmbeddedStatus, EndedSession } from '../../contract/embed-api.ts';
import { ApiError } from '../../core/errors.ts';
import { formatMoney } from '../../core/money/money.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { expireSession } from '../../domain/checkout/expire-session.ts';
import { inWorkspace } from '../../domain/context.ts';
import type { AppContext, AppEnv } from '../app-env.ts';
import { buyerContext } from '../buyer/buyer-request.ts';
import { localeOf } from '../buyer/locale.ts';
import { allowedOrigin, isSameOrigin, isSameSite, originNotAllowed, pageOrigin } from '../middleware/origin.ts';
import { countVisitor, invalidKey, publicKey } from '../middleware/public-key.ts';
import { pageInput, validJson, validQuery } from '../middleware/validate.ts';
import { bootstrap } from './bootstrap.ts';
import { type ReadGrant, readAuthority, readGrant } from './grant.ts';
import { openEmbeddedSession } from './open-embedded-session.ts';
import { bootstrapQuery, endRequest, sessionRequest, statusQuery } from './requests.ts';

const PREFLIGHT_SECONDS = 86_400;

/**
 * `/api/v1/embed/payments`: the API of the widget. Pages whose origin is on the list of a public key may call
 * `bootstrap`. Only our frame may call the other routes.
 */
export const embedRoutes = new Hono<AppEnv>();

const validKey = pageInput('query', bootstrapQuery, () => {
  throw invalidKey();
});

embedRoutes.get('/bootstrap', pageOrigin(), validKey, publicKey(), allowedOrigin(), async (c) => {
  return c.json({ data: await bootstrap(c, c.req.valid('query').prefill) });
});

embedRoutes.options('/bootstrap', pageOrigin(), validKey, publicKey(), allowedOrigin(), (c) => {
  c.header('Access-Control-Allow-Methods', 'GET');
  c.header('Access-Control-Allow-Headers', 'X-Request-Id');
  c.header('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
  return c.body(null, 204);
});

// Opens the session of a form. The status is 200 if the form was paid already, else 201.
embedRoutes.post('/sessions', ourFrameOnly(), validJson(sessionRequest), async (c) => {
  const session = await openEmbeddedSession(c, c.req.valid('json'));
  return c.json({ data: session }, session.client_secret === null ? 200 : 201);
});

// Ends the session of a buyer who pays in another way, so that nobody pays twice and the session's place is free again.
// A session that is paid or processing stays as it is.
embedRoutes.post('/sessions/end', ourFrameOnly(), validJson(endRequest), async (c) => {
  const { t, session_id } = c.req.valid('json');
  const granted = await readGrant(c, t, 'read_status');
  const payment = await readPayment(c, granted, session_id);
  const answer = (status: EmbeddedSessionStatus) => c.json({ data: { status } satisfies EndedSession });
  if (payment.status !== 'created') return answer(publicStatus(payment));
  const context = inWorkspace(buyerContext(c, granted), await readAuthority(c, granted));
  return answer(publicStatus(await expireSession(context, payment.id)));
});

// The status of a session, without the buyer's e-mail address. A key that was revoked meanwhile does not matter.
embedRoutes.get('/status', validQuery(statusQuery), async (c) => {
  if (!isSameSite(c.req, c.var.config.publicUrl)) throw originNotAllowed();
  const { t, session_id } = c.req.valid('query');
  const payment = await readPayment(c, await readGrant(c, t, 'read_status'), session_id);
  const data: EmbeddedStatus = {
    status: publicStatus(payment),
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    amount_text: formatMoney(payment, localeOf(c).tag),
    reference: payment.reference,
  };
  return c.json({ data });
});

/**
 * Refuses every request that our own frame has not sent. Throws `origin_not_allowed`.
 *
 * @example embedRoutes.post('/sessions', ourFrameOnly(), validJson(schema), handler)
 */
function ourFrameOnly() {
  return createMiddleware<AppEnv>(async function ourFrameOnly(c, next) {
    if (!isSameOrigin(c.req, c.var.config.publicUrl)) throw originNotAllowed();
    await next();
  });
}

/**
 * Reads the payment of the session with the Stripe id `id`, if it belongs to the link of the grant. Costs one database
 * read. Throws `not_found`, and `rate_limit_exceeded` if the visitor has sent too many requests for this session.
 */
async function readPayment(c: AppContext, { grant, database }: ReadGrant, id: string | null): Promise<PaymentView> {
  if (id !== null) await countVisitor(c, id);
  const payment = id === null ? null : await findPaymentOfLink(database, grant.link, id);
  if (!payment) throw new ApiError('not_found', "No session with this id of this token's link.");
  c.var.notes.workspace = payment.workspaceId;
  return payment;
}

/** The status of a payment as the widget shows it. That of an open session is `confirming`. */
function publicStatus({ status }: PaymentView): EmbeddedSessionStatus {
  return status === 'created' ? 'confirming' : status;
}
