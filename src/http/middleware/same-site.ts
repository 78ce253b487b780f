import type { HonoRequest } from 'hono';

/** False for a form that another site sent. A request with neither header comes from no browser of the last years. */
export function isSameSite(request: HonoRequest, publicUrl: string): boolean {
  const site = request.header('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.header('Origin');
  return origin === undefined || origin === new URL(publicUrl).origin;
}
