import { Hono } from 'hono';
import { changePublicKey } from '../../../domain/keys/change-public-key.ts';
import { createPublicKey } from '../../../domain/keys/create-public-key.ts';
import { publicKeysOf } from '../../../domain/keys/list-public-keys.ts';
import { revokePublicKey } from '../../../domain/keys/revoke-public-key.ts';
import type { ApiEnv } from '../../app-env.ts';
import { admit } from '../../middleware/admit.ts';
import { jsonBody } from '../../middleware/json-body.ts';
import { query } from '../../middleware/query.ts';
import { requireScope } from '../../middleware/require-scope.ts';
import { secretKey } from '../../middleware/secret-key.ts';
import { listAnswer, parsePageQuery } from '../paging.ts';
import { parseNewPublicKey, parsePublicKeyChange } from './parse-public-key.ts';
import { presentPublicKey } from './present-public-key.ts';

const WRITE = 'service.payments.keys.write';

/** `/public-keys`: the keys of a merchant's pages. A key is of the mode of the secret key that makes it. */
export const publicKeys = new Hono<ApiEnv>();

publicKeys.get('/', secretKey(), requireScope(WRITE), query(parsePageQuery), admit(), async (c) => {
  const request = c.var.query;
  return c.json(listAnswer(await publicKeysOf(c.var.context, request), request, presentPublicKey));
});

publicKeys.post(
  '/',
  secretKey(),
  requireScope(WRITE),
  jsonBody((body, _, mode) => parseNewPublicKey(body, mode)),
  admit({ sealed: true }),
  async (c) => {
    const { input, operation } = c.var;
    const { key, text } = await createPublicKey(c.var.context, operation.id, input);
    return c.json({ data: { ...presentPublicKey(key), key: text } }, 201);
  },
);

publicKeys.patch(
  '/:id',
  secretKey(),
  requireScope(WRITE),
  jsonBody((body, _, mode) => parsePublicKeyChange(body, mode)),
  admit(),
  async (c) => {
    const key = await changePublicKey(c.var.context, c.req.param('id'), c.var.input);
    return c.json({ data: presentPublicKey(key) });
  },
);

publicKeys.delete('/:id', secretKey(), requireScope(WRITE), admit(), async (c) => {
  await revokePublicKey(c.var.context, c.req.param('id'));
  return c.body(null, 204);
});
