import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** What `pageHeaders` and `frameHeaders` share with the routes behind them. */
export interface PageHeadersEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** A random value for the page's own style and script. It is never used twice. */
    nonce: string;
    /** Set to true by a page that checks whether its visitor is human: then Cloudflare's script may run. */
    turnstile: boolean | undefined;
    /** Set by a page in the widget's frame: the origin whose pages may frame it. Not set: no page may. */
    framedBy: string | undefined;
  };
}

const STRIPE_API_HOST = 'api.stripe.com';
const STRIPE_CHECKOUT = 'https://checkout.stripe.com';
const TURNSTILE = 'https://challenges.cloudflare.com';
const STRIPE_JS = 'https://js.stripe.com';
/** What Stripe.js and its embedded Checkout load (docs.stripe.com/security/guide#content-security-policy). */
const STRIPE = {
  script: [STRIPE_JS, 'https://*.js.stripe.com', STRIPE_CHECKOUT],
  frame: [STRIPE_JS, 'https://*.js.stripe.com', 'https://hooks.stripe.com', STRIPE_CHECKOUT],
  connect: ['https://api.stripe.com', STRIPE_CHECKOUT],
  image: ['https://*.stripe.com'],
};

/**
 * The headers of every answer of an API: it is not stored, and never shown as a page.
 *
 * @example app.use('/api/*', apiHeaders())
 */
export const apiHeaders = () =>
  createMiddleware<AppEnv>(async function apiHeaders(c, next) {
    await next();
    c.res.headers.set('Cache-Control', 'no-store');
    c.res.headers.set('X-Content-Type-Options', 'nosniff');
  });

/**
 * The security headers of the pay page. The only script that runs is the one with the page's nonce. No other page may frame it.
 * It is not stored, unless the route sets `Cache-Control`.
 *
 * @example app.use('/pay/*', pageHeaders())
 */
export const pageHeaders = () =>
  createMiddleware<PageHeadersEnv>(async function pageHeaders(c, next) {
    const nonce = newNonce();
    c.set('nonce', nonce);
    await next();
    const { stripeApiBase } = c.var.config;
    const isStripe = new URL(stripeApiBase).hostname === STRIPE_API_HOST;
    const turnstile = c.var.turnstile ? [TURNSTILE] : [];
    const policy = contentSecurityPolicy({
      'default-src': ["'none'"],
      'style-src': ["'self'", `'nonce-${nonce}'`],
      'script-src': [`'nonce-${nonce}'`, ...turnstile],
      'frame-src': turnstile,
      'img-src': ["'self'"],
      'connect-src': ["'self'"],
      // The answer to the form redirects to Checkout, and a browser applies this to the redirect too.
      'form-action': ["'self'", ...(isStripe ? [STRIPE_CHECKOUT] : originSources(stripeApiBase))],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
    c.header('Content-Security-Policy', policy);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Frame-Options', 'DENY');
    // With `no-referrer` a browser would send `Origin: null` with our own form.
    c.header('Referrer-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });

/**
 * The security headers of the widget's frame. Only pages of the origin in `c.var.framedBy` may frame it, and only our script and
 * Stripe's run in it. There is no `X-Frame-Options`, because that cannot name an origin.
 *
 * @example frameRoutes.use(frameHeaders())
 */
export const frameHeaders = () =>
  createMiddleware<PageHeadersEnv>(async function frameHeaders(c, next) {
    const nonce = newNonce();
    c.set('nonce', nonce);
    await next();
    const stripe = stripeSources(c.var.config.stripeJsUrl);
    const policy = contentSecurityPolicy({
      'default-src': ["'none'"],
      'script-src': ["'self'", `'nonce-${nonce}'`, ...stripe.script],
      'style-src': [`'nonce-${nonce}'`],
      // Stripe.js styles its own frames by attributes.
      'style-src-attr': ["'unsafe-inline'"],
      'frame-src': stripe.frame,
      'connect-src': ["'self'", ...stripe.connect],
      'img-src': ["'self'", ...stripe.image],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': [c.var.framedBy ?? "'none'"],
    });
    c.header('Content-Security-Policy', policy);
    // `payment=*`: not every browser knows stars within a host here. `frame-src` says what the frame may hold.
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=*');
    c.header('X-Content-Type-Options', 'nosniff');
    // The address of the frame carries a token, which other sites must not see.
    c.header('Referrer-Policy', 'strict-origin');
    c.header('Cache-Control', 'no-store');
  });

/** Stripe's own origins, or those of the simulator that the configuration names. */
function stripeSources(stripeJsUrl: string): typeof STRIPE {
  if (new URL(stripeJsUrl).origin === STRIPE_JS) return STRIPE;
  const own = originSources(stripeJsUrl);
  return { script: own, frame: own, connect: own, image: own };
}

/** The value of a `Content-Security-Policy` header. A directive without sources is left out. */
function contentSecurityPolicy(directives: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(directives)
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}

function newNonce(): string {
  return crypto.randomUUID().replaceAll('-', '');
}

/** The origin of `url`. A server on this machine has two: localhost and 127.0.0.1. */
function originSources(url: string): string[] {
  const { hostname, origin, port } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  return isLocal ? [`http://localhost:${port}`, `http://127.0.0.1:${port}`] : [origin];
}
