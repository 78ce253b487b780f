import { Hono } from 'hono';
import { listPayments } from '../../../db/payment-lists.ts';
import { readPayment } from '../../../domain/payments/queries.ts';
import { refundPayment } from '../../../domain/payments/refund-payment.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody, validQuery } from '../../middleware/validate.ts';
import { rowId } from '../fields.ts';
import { listAnswer } from '../paging.ts';
import { listPaymentsQuery, REFUND_CODES, refundBody } from './requests.ts';
import { presentPayment, presentPaymentDetails, presentRefund } from './responses.ts';

const READ = 'service.payments.payments.read';
const REFUND = 'service.payments.refunds.create';

/** `/payments`: the checkout sessions that a buyer has completed, and their refunds. */
export const payments = new Hono<ApiEnv>();

payments.get('/', secretKey(READ), validQuery(listPaymentsQuery), async (c) => {
  const { database, shard, workspace } = c.var.context;
  const { filter, page } = c.req.valid('query');
  const listed = await listPayments(database, { workspaceId: workspace.id, shard }, filter, page);
  return c.json(listAnswer(listed, page, presentPayment));
});

payments.get('/:id', secretKey(READ), rowId, async (c) => {
  const details = await readPayment(c.var.context, c.req.valid('param').id);
  return c.json({ data: presentPaymentDetails(details) });
});

payments.post(
  '/:id/refunds',
  secretKey(REFUND),
  rowId,
  jsonBody(refundBody, { codes: REFUND_CODES, optional: true }),
  admit(),
  async (c) => {
    const { context, operation, heldKey } = c.var;
    const wanted = { ...c.req.valid('param'), ...c.req.valid('json') };
    const refund = await refundPayment(context, { ...wanted, operation, heldKey });
    return c.json({ data: presentRefund(refund) }, 201);
  },
);
