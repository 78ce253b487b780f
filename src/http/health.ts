import { Hono } from 'hono';
import type { AppEnv } from './app-env.ts';
import { methodNotAllowed } from './middleware/method-not-allowed.ts';

/** `/health`: the Worker runs and its configuration is complete. */
export const health = new Hono<AppEnv>();

health.get('/', (c) => c.json({ status: 'ok' }));
health.all('/', methodNotAllowed('GET'));
