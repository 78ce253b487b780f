import { Hono } from 'hono';
import { ApiError } from '../core/errors.ts';
import { parseLogoName } from '../core/urls.ts';
import { findLogo } from '../db/business-profiles.ts';
import { databaseOf } from '../db/client.ts';
import type { AppEnv } from './app-env.ts';

/** An address names the bytes behind it, so what a cache has never becomes wrong. */
const CACHE = 'public, max-age=31536000, immutable';

/** `/logo`: the logos of business profiles. Everybody may see them. */
export const logos = new Hono<AppEnv>();

logos.get('/:name', async (c) => {
  const address = parseLogoName(c.req.param('name'));
  const database = address ? databaseOf(c.env, address.shard) : null;
  const logo = address && database ? await findLogo(database, address.hash) : null;
  if (!logo) throw new ApiError('not_found', 'No logo is here.');
  return c.body(logo.bytes, 200, {
    'Content-Type': logo.type,
    'Content-Disposition': 'inline',
    'Cache-Control': CACHE,
  });
});
