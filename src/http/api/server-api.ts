import { Hono } from 'hono';
import type { ApiEnv } from '../app-env.ts';
import { serverOnly } from '../middleware/server-only.ts';
import { checkoutSessions } from './checkout-sessions.ts';
import { paymentLinks } from './payment-links.ts';

/** The server API, version 1: everything here is called with a secret key, never from a browser. */
export const serverApi = new Hono<ApiEnv>()
  .use(serverOnly())
  .route('/checkout-sessions', checkoutSessions)
  .route('/payment-links', paymentLinks);
