import { type Context, Hono } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { linkUrl } from '../../core/urls.ts';
import { pageInput } from '../middleware/validate.ts';
import { loadLink, type PageEnv } from './load-link.ts';
import { qrPng, qrSvg } from './qr-code.ts';
import { qrQuery } from './requests.ts';

/** The address of a payment link never changes, so caches may store its QR code for a day. */
const CACHE = 'public, max-age=86400';

/** `/pay/link/:token/qr.svg` and `qr.png`: the link's address as a QR code, by `size`, `ec` and `margin`. */
export const qrRoutes = new Hono<PageEnv>();

const validQuery = pageInput('query', qrQuery, (_c: Context<PageEnv>, _sent, issues) => {
  throw new ApiError('validation_failed', issues.map(({ message }) => message).join(' '));
});

qrRoutes.get('/:token/qr.svg', validQuery, async (c) => {
  const svg = qrSvg(await addressOf(c), c.req.valid('query'));
  return c.body(svg, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': CACHE });
});

qrRoutes.get('/:token/qr.png', validQuery, async (c) => {
  const address = await addressOf(c);
  // Whether the size is too small for the code and its margin is known only once the code is made.
  const png = await qrPng(address, c.req.valid('query')).catch((error) => {
    throw error instanceof RangeError ? new ApiError('validation_failed', error.message) : error;
  });
  return c.body(new Uint8Array(png), 200, { 'Content-Type': 'image/png', 'Cache-Control': CACHE });
});

/** The address of the payment link that the path names. Throws `not_found` if there is none. */
async function addressOf(c: Context<PageEnv>): Promise<string> {
  const loaded = await loadLink(c);
  if (!loaded) throw new ApiError('not_found', 'No payment link has this token.');
  return linkUrl(c.var.config.publicUrl, loaded.link.token);
}
