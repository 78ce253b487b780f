import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** A page's variables: the nonce of its one style and one script. */
export interface PageEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    nonce: string;
    /** Set by the page that asks for a human check: the only one whose policy names a third party. */
    turnstile: boolean | undefined;
    /** The query that brings back the form a buyer has sent, as it was; not set where none has been read. */
    sameForm: Readonly<Record<string, string>> | undefined;
  };
}

const TURNSTILE = 'https://challenges.cloudflare.com';

/** Where a form may lead: Stripe's Checkout, or the stand-in's on this machine under either of its names. */
function checkoutOrigins(stripeApiBase: string): string {
  const { hostname, origin, port } = new URL(stripeApiBase);
  if (hostname === 'api.stripe.com') return 'https://checkout.stripe.com';
  return hostname === 'localhost' || hostname === '127.0.0.1'
    ? `http://localhost:${port} http://127.0.0.1:${port}`
    : origin;
}

/**
 * The security headers of every page: nothing but its own nonce runs, nobody frames it, nothing keeps it.
 * `same-origin` as referrer, because with `no-referrer` a browser sends `Origin: null` with our own form.
 */
export const pageHeaders = () =>
  createMiddleware<PageEnv>(async function pageHeaders(c, next) {
    const nonce = crypto.randomUUID().replaceAll('-', '');
    c.set('nonce', nonce);
    await next();
    const third = c.var.turnstile ? ` ${TURNSTILE}` : '';
    c.header(
      'Content-Security-Policy',
      [
        "default-src 'none'",
        `style-src 'self' 'nonce-${nonce}'`,
        `script-src 'nonce-${nonce}'${third}`,
        ...(third ? [`frame-src${third}`] : []),
        "img-src 'self'",
        "connect-src 'self'",
        `form-action 'self' ${checkoutOrigins(c.var.config.stripeApiBase)}`,
        "frame-ancestors 'none'",
        "base-uri 'none'",
      ].join('; '),
    );
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Frame-Options', 'DENY');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });
