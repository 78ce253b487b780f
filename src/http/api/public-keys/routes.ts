import { Hono } from 'hono';
import { listPublicKeys } from '../../../db/api-keys.ts';
import { changePublicKey } from '../../../domain/keys/change-public-key.ts';
import { createPublicKey } from '../../../domain/keys/create-public-key.ts';
import { revokePublicKey } from '../../../domain/keys/revoke-key.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { jsonBody, validQuery } from '../../middleware/validate.ts';
import { textId } from '../fields.ts';
import { listAnswer } from '../paging.ts';
import { listPublicKeysQuery, PUBLIC_KEY_BODIES } from './requests.ts';
import { presentCreatedPublicKey, presentPublicKey } from './responses.ts';

const WRITE = 'service.payments.keys.write';

/** `/public-keys`: the keys for the widget on a merchant's pages. A key has the mode of the secret key that creates it. */
export const publicKeys = new Hono<ApiEnv>();

publicKeys.get('/', secretKey(WRITE), validQuery(listPublicKeysQuery), async (c) => {
  const { database, workspace } = c.var.context;
  const page = c.req.valid('query');
  return c.json(listAnswer(await listPublicKeys(database, workspace.id, page), page, presentPublicKey));
});

publicKeys.post(
  '/',
  secretKey(WRITE),
  jsonBody((c) => PUBLIC_KEY_BODIES[c.var.context.workspace.mode].create),
  admit({ sealed: true }),
  async (c) => {
    const { context, operation } = c.var;
    const created = await createPublicKey(context, { ...c.req.valid('json'), operationId: operation.id });
    return c.json({ data: presentCreatedPublicKey(created) }, 201);
  },
);

publicKeys.patch(
  '/:id',
  secretKey(WRITE),
  textId,
  jsonBody((c) => PUBLIC_KEY_BODIES[c.var.context.workspace.mode].change),
  admit(),
  async (c) => {
    const key = await changePublicKey(c.var.context, { ...c.req.valid('param'), ...c.req.valid('json') });
    return c.json({ data: presentPublicKey(key) });
  },
);

publicKeys.delete('/:id', secretKey(WRITE), textId, admit(), async (c) => {
  await revokePublicKey(c.var.context, c.req.valid('param').id);
  return c.body(null, 204);
});
