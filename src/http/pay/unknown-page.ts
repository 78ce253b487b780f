import type { Context } from 'hono';
import type { PageEnv } from '../middleware/page-headers.ts';
import { respondClosed } from './closed-response.tsx';

/** Whatever else is asked for below `/pay`: people come here by links that were cut off or mistyped. */
export async function unknownPage(c: Context<PageEnv>): Promise<Response> {
  return await respondClosed(c, null, 'not_found');
}
