import { Hono } from 'hono';
import type { ApiEnv } from '../app-env.ts';
import { serverOnly } from '../middleware/secret-key.ts';
import { account } from './account/routes.ts';
import { checkoutSessions } from './checkout-sessions/routes.ts';
import { deliveries } from './deliveries/routes.ts';
import { events } from './events/routes.ts';
import { paymentLinks } from './payment-links/routes.ts';
import { payments } from './payments/routes.ts';
import { profile } from './profile/routes.ts';
import { publicKeys } from './public-keys/routes.ts';
import { webhookEndpoints } from './webhook-endpoints/routes.ts';

/** The routes of the server API, version 1. A merchant's server calls it with a secret key, never a browser. */
export const serverApi = new Hono<ApiEnv>()
  .use(serverOnly())
  .route('/checkout-sessions', checkoutSessions)
  .route('/payment-links', paymentLinks)
  .route('/payments', payments)
  .route('/webhook-endpoints', webhookEndpoints)
  .route('/deliveries', deliveries)
  .route('/events', events)
  .route('/public-keys', publicKeys)
  .route('/profile', profile)
  .route('/account', account);
