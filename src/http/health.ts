import { Hono } from 'hono';
import { equalInConstantTime } from '../core/crypto.ts';
import { DEFAULT_SHARD } from '../core/ids.ts';
import { openDatabase } from '../db/client.ts';
import { readDrift } from '../domain/drift/read-drift.ts';
import { makeContext } from '../make-context.ts';
import type { AppEnv } from './app-env.ts';
import { presentDrift } from './present-drift.ts';

/** `/health`: the Worker runs and its configuration is complete. `/health/drift`: how far it is behind, for operators. */
export const health = new Hono<AppEnv>();

health.get('/', (c) => c.json({ status: 'ok' }));

// For all methods, so that no `Allow` names a path that only operators may know of.
health.all('/drift', async (c) => {
  const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
  const expected = c.var.config.operatorToken;
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return c.notFound();
  if (expected === null || token === undefined || !(await equalInConstantTime(token, expected))) return c.notFound();
  const { config, requestId } = c.var;
  const caller = {
    database: openDatabase(c.env.DB),
    shard: DEFAULT_SHARD,
    actor: { kind: 'operator' },
    requestId,
  } as const;
  const context = makeContext(c.env, config, caller);
  const drift = await readDrift(context);
  c.header('Cache-Control', 'no-store');
  return c.json({ data: presentDrift(drift, context.now()) });
});
