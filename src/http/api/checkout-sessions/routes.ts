import { Hono } from 'hono';
import { createSession } from '../../../domain/checkout/create-session.ts';
import { expireSession } from '../../../domain/checkout/expire-session.ts';
import { isOpen, readUrl } from '../../../domain/checkout/read-url.ts';
import { readSession } from '../../../domain/payments/queries.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { withinLimit } from '../../middleware/rate-limit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody } from '../../middleware/validate.ts';
import { noBody, rowId } from '../fields.ts';
import { CREATE_SESSION_CODES, createSessionBody } from './requests.ts';
import { presentNewSession, presentSession } from './responses.ts';

const CREATE = 'service.payments.checkout.create';
const READ = 'service.payments.checkout.read';

/** `/checkout-sessions`: a merchant's server creates a session, and sends the buyer to Stripe's Checkout page. */
export const checkoutSessions = new Hono<ApiEnv>();

checkoutSessions.post(
  '/',
  secretKey(CREATE),
  jsonBody((_, body) => createSessionBody(body), { codes: CREATE_SESSION_CODES }),
  admit({ storeBehind: true }),
  async (c) => {
    const { context, operation, heldKey } = c.var;
    const session = await createSession(context, { ...c.req.valid('json'), operation, heldKey });
    return c.json({ data: presentNewSession(session) }, 201);
  },
);

checkoutSessions.get('/:id', secretKey(READ, CREATE), rowId, async (c) => {
  const { context } = c.var;
  const session = await readSession(context, c.req.valid('param').id);
  if (!isOpen(session, context.now())) return c.json({ data: presentSession(session, null) });
  // The rate limit also keeps one merchant from using up the calls to Stripe that all share.
  await withinLimit(c);
  return c.json({ data: presentSession(session, await readUrl(context, session)) });
});

checkoutSessions.post('/:id/expire', secretKey(CREATE), rowId, noBody, admit(), async (c) => {
  const session = await expireSession(c.var.context, c.req.valid('param').id);
  return c.json({ data: presentSession(session, null) });
});
