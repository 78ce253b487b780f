import { Hono } from 'hono';
import { createSession } from '../../../domain/checkout/create-session.ts';
import { expireSession } from '../../../domain/checkout/expire-session.ts';
import { readSession } from '../../../domain/checkout/read-session.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { parseRowId } from '../row-id.ts';
import { parseCreateSession } from './parse-create-session.ts';
import { presentSession } from './present-session.ts';

const CREATE = 'service.payments.checkout.create';
const READ = 'service.payments.checkout.read';

/** `/checkout-sessions`: a server decides an amount, and redirects its buyer to Stripe-hosted Checkout. */
export const checkoutSessions = new Hono<ApiEnv>();

checkoutSessions.post('/', secretKey(), requireScope(CREATE), jsonBody(parseCreateSession), admit(), async (c) => {
  const running = { operation: c.var.operation, scope: c.var.idempotencyScope };
  const session = await createSession(c.var.context, running, c.var.input);
  return c.json({ data: presentSession(session) }, 201);
});

checkoutSessions.get('/:id', secretKey(), requireScope(READ, CREATE), admit(), async (c) => {
  const session = await readSession(c.var.context, parseRowId(c.req.param('id')));
  return c.json({ data: presentSession(session) });
});

checkoutSessions.post(
  '/:id/expire',
  secretKey(),
  requireScope(CREATE),
  jsonBody(() => ({ ok: true, input: null }), { optional: true }),
  admit(),
  async (c) => {
    const session = await expireSession(c.var.context, parseRowId(c.req.param('id')));
    return c.json({ data: presentSession(session) });
  },
);
