import { Hono } from 'hono';
import { redeliver } from '../../../domain/webhooks/replay/redeliver.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { countRequest } from '../../middleware/count-request.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { validJson, validParam } from '../../middleware/validate.ts';
import { noBody } from '../fields.ts';
import { textIdParam } from '../ids.ts';
import { presentDelivery } from './responses.ts';

const WRITE = 'service.payments.webhooks.write';

/** `/deliveries`: events on their way to an endpoint, one by one. */
export const deliveries = new Hono<ApiEnv>();

deliveries.post(
  '/:id/redeliver',
  secretKey(),
  countRequest(),
  requireScope(WRITE),
  validParam(textIdParam),
  jsonBody({ optional: true }),
  validJson(noBody),
  admit(),
  async (c) => {
    const delivery = await redeliver(c.var.context, c.req.valid('param').id);
    return c.json({ data: presentDelivery(delivery) }, 202);
  },
);
