import type { HonoRequest } from 'hono';

/**
 * True only for a request of one of our own pages: by `Sec-Fetch-Site`, else by `Origin`. For routes that no one else calls.
 * `publicUrl`: this service's own address.
 */
export function isSameOrigin(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  const origin = request.header('Origin');
  const fromUs = origin === new URL(publicUrl).origin;
  return site === undefined ? fromUs : site === 'same-origin' && (origin === undefined || fromUs);
}

/**
 * False for a request that a page of another site sent, by `Sec-Fetch-Site` and `Origin`. True without both headers: every
 * browser of the last years sends one. `publicUrl`: this service's own address.
 */
export function isSameSite(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.header('Origin');
  return origin === undefined || origin === new URL(publicUrl).origin;
}
