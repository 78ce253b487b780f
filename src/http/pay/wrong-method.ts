import type { Handler } from 'hono';
import { respondClosed } from './closed-response.tsx';
import type { PageEnv } from './page-env.ts';

/** The last handler of a page's path: a page that leads back to it, and names the methods it takes, e.g. `GET, POST`. */
export function wrongMethod(allow: string): Handler<PageEnv> {
  return async function wrongMethod(c) {
    c.header('Allow', allow);
    return await respondClosed(c, null, 'wrong_method');
  };
}
