import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { EmbeddedSessionStatus, EmbeddedStatus, EndedSession } from '../../contract/embed-api.ts';
import { ApiError } from '../../core/errors.ts';
import { findPaymentOfLink, type PaymentView } from '../../db/payments.ts';
import { expireSession } from '../../domain/checkout/expire-session.ts';
import { inWorkspace } from '../../domain/context.ts';
import type { AppContext, AppEnv } from '../app-env.ts';
import { buyerContext } from '../buyer/buyer-request.ts';
import { allowedOrigin, isSameOrigin, isSameSite, originNotAllowed, pageOrigin } from '../middleware/origin.ts';
import { countVisitor, invalidKey, publicKey } from '../middleware/public-key.ts';
import { readJson } from '../read-body.ts';
import { bootstrap } from './bootstrap.ts';
import { type ReadGrant, readAuthority, readGrant } from './grant.ts';
import { openEmbeddedSession } from './open-embedded-session.ts';
import { bootstrapQuery, endRequest, sessionRequest, statusQuery } from './requests.ts';

const PREFLIGHT_SECONDS = 86_400;

/**
 * `/api/v1/embed/payments`: the API of the widget. The bootstrap is for the pages on a public key's list of origins; the
 * rest is for our frame alone.
 */
export const embedApi = new Hono<AppEnv>();

const validKey = zValidator('query', bootstrapQuery, (result) => {
  if (!result.success) throw invalidKey();
});

embedApi.get('/bootstrap', pageOrigin(), validKey, publicKey(), allowedOrigin(), async (c) => {
  return c.json({ data: await bootstrap(c, c.req.valid('query').prefill) });
});

embedApi.options('/bootstrap', pageOrigin(), validKey, publicKey(), allowedOrigin(), (c) => {
  c.header('Access-Control-Allow-Methods', 'GET');
  c.header('Access-Control-Allow-Headers', 'X-Request-Id');
  c.header('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
  return c.body(null, 204);
});

/** The session of a form. 200 where it was paid already. */
embedApi.post('/sessions', ourFrameOnly(), jsonText(), zValidator('json', sessionRequest), async (c) => {
  const session = await openEmbeddedSession(c, c.req.valid('json'));
  return c.json({ data: session }, session.client_secret === null ? 200 : 201);
});

/**
 * Ends a session whose buyer pays in another way, so that it is not paid too and its place on the link is free again. One
 * that is paid or processing stays as it is.
 */
embedApi.post('/sessions/end', ourFrameOnly(), jsonText(), zValidator('json', endRequest), async (c) => {
  const { t, session_id } = c.req.valid('json');
  const granted = await readGrant(c, t, 'read_status');
  const payment = await readPayment(c, granted, session_id);
  const answer = (status: EmbeddedSessionStatus) => c.json({ data: { status } satisfies EndedSession });
  if (payment.status !== 'created') return answer(publicStatus(payment));
  const context = inWorkspace(buyerContext(c, granted), await readAuthority(c, granted));
  return answer(publicStatus(await expireSession(context, payment.id)));
});

/** What became of a session, without the e-mail address. A key that was revoked meanwhile hides no result. */
embedApi.get('/status', zValidator('query', statusQuery), async (c) => {
  if (!isSameSite(c.req, c.var.config.publicUrl)) throw originNotAllowed();
  const { t, session_id } = c.req.valid('query');
  const payment = await readPayment(c, await readGrant(c, t, 'read_status'), session_id);
  const data: EmbeddedStatus = {
    status: publicStatus(payment),
    payment_id: payment.id,
    amount_cents: payment.amountMinor,
    currency: payment.currency,
    reference: payment.reference,
  };
  return c.json({ data });
});

/** Refuses every request that does not come from our frame. */
function ourFrameOnly() {
  return createMiddleware<AppEnv>(async function ourFrameOnly(c, next) {
    if (!isSameOrigin(c.req, c.var.config.publicUrl)) throw originNotAllowed();
    await next();
  });
}

/** Reads the body strictly, for the validator behind it. */
function jsonText() {
  return createMiddleware<AppEnv>(async function jsonText(c, next) {
    await readJson(c.req, false);
    await next();
  });
}

/** The payment of a session of the granted link; one database read. Throws `rate_limit_exceeded` and `not_found`. */
async function readPayment(c: AppContext, { grant, database }: ReadGrant, id: string | null): Promise<PaymentView> {
  if (id !== null) await countVisitor(c, id);
  const payment = id === null ? null : await findPaymentOfLink(database, grant.link, id);
  if (!payment) throw new ApiError('not_found', "No session with this id of this token's link.");
  return payment;
}

/** Until Stripe has said otherwise a payment is being confirmed: a late Stripe event is no failure. */
function publicStatus({ status }: PaymentView): EmbeddedSessionStatus {
  return status === 'created' ? 'confirming' : status;
}
