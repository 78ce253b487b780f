import type { HonoRequest } from 'hono';

/** True only for a request that one of our own pages sent: a browser says so, and nobody else has a reason to ask. */
export function isSameOrigin(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  const origin = request.header('Origin');
  const fromUs = origin === new URL(publicUrl).origin;
  return site === undefined ? fromUs : site === 'same-origin' && (origin === undefined || fromUs);
}

/** False for a form that another site sent. A request with neither header comes from no browser of the last years. */
export function isSameSite(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.header('Origin');
  return origin === undefined || origin === new URL(publicUrl).origin;
}
