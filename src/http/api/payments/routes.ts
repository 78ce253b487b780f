import { Hono } from 'hono';
import { listWorkspacePayments } from '../../../domain/payments/list-payments.ts';
import { readPayment } from '../../../domain/payments/read-payment.ts';
import { refundPayment } from '../../../domain/payments/refund-payment.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { query } from '../../middleware/query.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { listAnswer } from '../paging.ts';
import { parseRowId } from '../row-id.ts';
import { parsePaymentsQuery } from './parse-payments-query.ts';
import { parseRefund } from './parse-refund.ts';
import { presentPayment, presentPaymentDetails, presentRefund } from './present-payment.ts';

const READ = 'service.payments.payments.read';
const REFUND = 'service.payments.refunds.create';

/** `/payments`: what became of completed checkout sessions, and giving money back. */
export const payments = new Hono<ApiEnv>();

payments.get('/', secretKey(), requireScope(READ), query(parsePaymentsQuery), admit(), async (c) => {
  const { filter, page: request } = c.var.query;
  const page = await listWorkspacePayments(c.var.context, filter, request);
  return c.json(listAnswer(page, request, presentPayment));
});

payments.get('/:id', secretKey(), requireScope(READ), admit(), async (c) => {
  const details = await readPayment(c.var.context, parseRowId(c.req.param('id')));
  return c.json({ data: presentPaymentDetails(details) });
});

payments.post(
  '/:id/refunds',
  secretKey(),
  requireScope(REFUND),
  jsonBody(parseRefund, { optional: true }),
  admit(),
  async (c) => {
    const running = { operation: c.var.operation, scope: c.var.idempotencyScope };
    const refund = await refundPayment(c.var.context, running, parseRowId(c.req.param('id')), c.var.input);
    return c.json({ data: presentRefund(refund) }, 201);
  },
);
