import { type Context, Hono } from 'hono';
import { ApiError } from '../../core/errors.ts';
import { linkUrl } from '../api/payment-links/present-link.ts';
import type { PageEnv } from '../middleware/page-headers.ts';
import { loadLink } from './load-link.ts';
import { parseQrOptions, type QrOptions } from './qr-options.ts';
import { qrPng } from './qr-png.ts';
import { qrSvg } from './qr-svg.ts';

/** A link's address never changes, so its code may be kept for a day. */
const CACHE = 'public, max-age=86400';

/** `/pay/link/:token/qr.svg` and `qr.png`: the link as a QR code. `size`, `ec` and `margin` in the query. */
export const qrRoutes = new Hono<PageEnv>();

qrRoutes.get('/:token/qr.svg', async (c) => {
  const { text, options } = await readRequest(c);
  return c.body(qrSvg(text, options), 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': CACHE });
});

qrRoutes.get('/:token/qr.png', async (c) => {
  const { text, options } = await readRequest(c);
  // A size too small for the code and its margin is only known once the code is made.
  const png = await qrPng(text, options).catch((error) => {
    throw error instanceof RangeError ? new ApiError('validation_failed', error.message) : error;
  });
  return c.body(new Uint8Array(png), 200, { 'Content-Type': 'image/png', 'Cache-Control': CACHE });
});

async function readRequest(c: Context<PageEnv>): Promise<{ text: string; options: QrOptions }> {
  const parsed = parseQrOptions(c.req.query());
  if (!parsed.ok) throw new ApiError('validation_failed', parsed.message);
  const loaded = await loadLink(c);
  if (!loaded) throw new ApiError('not_found', 'No payment link has this token.');
  return { text: linkUrl(c.var.config.publicUrl, loaded.link.token), options: parsed.options };
}
