import { Hono } from 'hono';
import type { AppEnv } from '../app-env.ts';
import { allowedOrigin, pageOrigin } from '../middleware/allowed-origin.ts';
import { publicKey } from '../middleware/public-key.ts';
import { bootstrap } from './bootstrap.ts';
import { endSession } from './end-session.ts';
import { openEmbeddedSession } from './open-embedded-session.ts';
import { readStatus } from './read-status.ts';

const PREFLIGHT_SECONDS = 86_400;

/**
 * `/api/v1/embed/payments`: what the widget talks to. Its bootstrap is for the pages of a public key's own list; the rest
 * is for our frame alone.
 */
export const embedApi = new Hono<AppEnv>();

embedApi.get('/bootstrap', pageOrigin(), publicKey(), allowedOrigin(), async (c) => {
  return c.json({ data: await bootstrap(c) });
});

embedApi.options('/bootstrap', pageOrigin(), publicKey(), allowedOrigin(), (c) => {
  c.header('Access-Control-Allow-Methods', 'GET');
  c.header('Access-Control-Allow-Headers', 'X-Request-Id');
  c.header('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
  return c.body(null, 204);
});

embedApi.post('/sessions', async (c) => {
  const { status, ...data } = await openEmbeddedSession(c);
  return c.json({ data }, status);
});

embedApi.post('/sessions/end', async (c) => c.json({ data: await endSession(c) }));

embedApi.get('/status', async (c) => c.json({ data: await readStatus(c) }));
