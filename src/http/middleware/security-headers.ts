import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** What the middleware `pageHeaders` and `frameHeaders` and the routes of pages give each other in `c.var`. */
export interface PageHeadersEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** A new random value for each answer, which lets the page's own style and script run. */
    nonce: string;
    /** Set to true by a page that checks whether its visitor is human: then the script of Cloudflare may run. */
    turnstile: boolean | undefined;
    /** Set by a route of the widget's frame: the origin whose pages may frame the answer. Not set: no page may. */
    framedBy: string | undefined;
  };
}

const STRIPE_CHECKOUT = 'https://checkout.stripe.com';
const TURNSTILE = 'https://challenges.cloudflare.com';
const STRIPE_JS = 'https://js.stripe.com';
/** From where Stripe.js and embedded Checkout load (docs.stripe.com/security/guide#content-security-policy). */
const STRIPE = {
  script: [STRIPE_JS, 'https://*.js.stripe.com', STRIPE_CHECKOUT],
  frame: [STRIPE_JS, 'https://*.js.stripe.com', 'https://hooks.stripe.com', STRIPE_CHECKOUT],
  connect: ['https://api.stripe.com', STRIPE_CHECKOUT],
  image: ['https://*.stripe.com'],
};

/** One year. Only for our own host: a domain above or below it may belong to others. */
const STRICT_TRANSPORT = 'max-age=31536000';

/**
 * Makes browsers use only https for this host from now on: sets `Strict-Transport-Security` on every answer to an
 * https request. A request by http, as to a local copy, gets no such header (RFC 6797 §7.2).
 *
 * @example app.use(strictTransport())
 */
export const strictTransport = () =>
  createMiddleware<AppEnv>(async function strictTransport(c, next) {
    await next();
    if (new URL(c.req.url).protocol === 'https:') c.res.headers.set('Strict-Transport-Security', STRICT_TRANSPORT);
  });

/**
 * Sets two headers on every answer of an API: no cache stores the answer (`no-store`), and a browser takes it only as
 * the type that it has (`nosniff`).
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
 * Sets the security headers of the pages below `/pay`. Only scripts with the page's nonce run, and Cloudflare's if
 * `c.var.turnstile` is true. No other page may frame the page. No cache stores it, unless its route sets
 * `Cache-Control`.
 *
 * @example app.use('/pay/*', pageHeaders())
 */
export const pageHeaders = () =>
  createMiddleware<PageHeadersEnv>(async function pageHeaders(c, next) {
    const nonce = newNonce();
    c.set('nonce', nonce);
    await next();
    const turnstile = c.var.turnstile ? [TURNSTILE] : [];
    const simulator = originSources(c.var.config.stripeApiBase).filter((source) => source.startsWith('http:'));
    const policy = contentSecurityPolicy({
      'default-src': ["'none'"],
      'style-src': ["'self'", `'nonce-${nonce}'`],
      'script-src': [`'nonce-${nonce}'`, ...turnstile],
      'frame-src': turnstile,
      'img-src': ["'self'"],
      'connect-src': ["'self'"],
      // The answer to the form is a redirect to Checkout, and a browser applies `form-action` to that too. Checkout may
      // be on any https host: a merchant or the platform can have a domain of its own for it.
      'form-action': ["'self'", 'https:', ...simulator],
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
 * Sets the security headers of the widget's frame. Only pages of the origin `c.var.framedBy` may frame it, and only our
 * script and Stripe's run in it. There is no `X-Frame-Options`, because that header cannot name an origin.
 *
 * @example app.use('/embed/*', frameHeaders())
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
      'style-src': ["'self'", `'nonce-${nonce}'`],
      // Stripe.js styles its frames by `style` attributes.
      'style-src-attr': ["'unsafe-inline'"],
      'frame-src': stripe.frame,
      'connect-src': ["'self'", ...stripe.connect],
      'img-src': ["'self'", ...stripe.image],
      'form-action': ["'self'"],
      'base-uri': ["'none'"],
      'frame-ancestors': [c.var.framedBy ?? "'none'"],
    });
    c.header('Content-Security-Policy', policy);
    // Not every browser knows a wildcard within a host here, so `payment` allows all. `frame-src` limits the frames.
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=*');
    c.header('X-Content-Type-Options', 'nosniff');
    // The address of the frame carries a token, which other sites must not see.
    c.header('Referrer-Policy', 'strict-origin');
    c.header('Cache-Control', 'no-store');
  });

/**
 * Sets the security headers of the logos that merchants have sent. A browser takes a logo only as the type that it has,
 * and whoever opens its address alone gets a document that may run and load nothing. No cache stores an answer, unless
 * its route sets `Cache-Control`.
 *
 * @example app.use('/logo/*', logoHeaders())
 */
export const logoHeaders = () =>
  createMiddleware<AppEnv>(async function logoHeaders(c, next) {
    await next();
    c.header('Content-Security-Policy', "default-src 'none'; sandbox");
    c.header('X-Content-Type-Options', 'nosniff');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });

/** The origins of Stripe, or of the simulator if the configuration names that. */
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

/** The origin of `url`, as a list. A server on this machine has two: with localhost and with 127.0.0.1. */
function originSources(url: string): string[] {
  const { hostname, origin, port } = new URL(url);
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  return isLocal ? [`http://localhost:${port}`, `http://127.0.0.1:${port}`] : [origin];
}
