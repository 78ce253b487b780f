import { Hono } from 'hono';
import type { PageEnv } from '../middleware/page-headers.ts';
import { respondClosed } from './closed-response.tsx';

/** Whatever else is asked for below `/pay`: people come here by links that were cut off or mistyped. */
export const unknownPages = new Hono<PageEnv>();

unknownPages.all('*', async (c) => await respondClosed(c, null, 'not_found'));
