import { createMiddleware } from 'hono/factory';
import { equalInConstantTime } from '../../core/crypto.ts';
import { DEFAULT_SHARD } from '../../core/ids.ts';
import { makeContext } from '../../make-context.ts';
import type { OperatorEnv } from '../app-env.ts';

/**
 * Takes a request of this method with `OPERATOR_TOKEN` as its Bearer token, and sets `c.var.context`, in the first shard.
 * Answers any other request like an unknown path. For routes of all methods, so that no `Allow` header shows a path that
 * only operators should know. A HEAD counts as a GET.
 *
 * @example health.all('/drift', operator('GET'), (c) => …)
 */
export const operator = (method: 'GET' | 'POST') =>
  createMiddleware<OperatorEnv>(async function operator(c, next) {
    const token = /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1];
    const { config, requestId } = c.var;
    const expected = config.operatorToken;
    if ((c.req.method === 'HEAD' ? 'GET' : c.req.method) !== method) return c.notFound();
    if (expected === null || token === undefined || !(await equalInConstantTime(token, expected))) return c.notFound();
    const actor = { kind: 'operator' } as const;
    c.set('context', makeContext(c.env, config, { shard: DEFAULT_SHARD, actor, requestId }));
    c.header('Cache-Control', 'no-store');
    await next();
  });
