import { Hono } from 'hono';
import { resultSigner } from '../core/result-signature.ts';
import type { AppEnv } from './app-env.ts';

/** `/.well-known/softsolz-keys.json`: the public keys that verify the signed result in a merchant's `success_url`. */
export const wellKnown = new Hono<AppEnv>();

wellKnown.get('/softsolz-keys.json', async (c) => {
  const { published } = await resultSigner(c.var.config.secretsKey);
  c.header('Cache-Control', 'public, max-age=3600');
  c.header('Access-Control-Allow-Origin', '*');
  return c.json({ keys: published });
});
