import type { MiddlewareHandler } from 'hono';

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** Refuses requests for any other host than this machine, so that no web page can reach it through DNS rebinding. */
export function refuseForeignHost(): MiddlewareHandler {
  return async function refuseForeignHost(c, next) {
    const hosts = [new URL(c.req.url).host, c.req.header('host')];
    if (hosts.some((host) => host !== undefined && !LOCAL_HOST.test(host))) {
      return c.json({ error: 'This host is refused. Use localhost, 127.0.0.1 or [::1].' }, 403);
    }
    await next();
  };
}

/** Refuses requests from web pages: the control routes are for programs. */
export function refuseBrowserPages(): MiddlewareHandler {
  return async function refuseBrowserPages(c, next) {
    const site = c.req.header('sec-fetch-site');
    if (c.req.header('origin') !== undefined || site === 'cross-site' || site === 'same-site') {
      return c.json({ error: 'Requests from web pages are refused here. Send it without an Origin header.' }, 403);
    }
    await next();
  };
}
