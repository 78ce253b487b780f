import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** Gives `answer` to an address with a slash at its end: no address here has one, and Hono's small router overlooks it. */
export const exactPath = <E extends AppEnv>(answer: (c: Context<E>) => Response | Promise<Response>) =>
  createMiddleware<E>(async function exactPath(c, next) {
    if (c.req.path.endsWith('/')) return await answer(c);
    await next();
    return undefined;
  });
