import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { contentSecurityPolicy, newNonce, originSources } from './content-security-policy.ts';

/** The variables of `pageHeaders`: what it sets for the routes behind it, and what they set for it. */
export interface PageHeadersEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** The nonce of the page's one style and one script. */
    nonce: string;
    /** Set by a page that checks whether its visitor is human: its policy alone allows Cloudflare's script. */
    turnstile: boolean | undefined;
  };
}

const STRIPE_API_HOST = 'api.stripe.com';
const STRIPE_CHECKOUT = 'https://checkout.stripe.com';
const TURNSTILE = 'https://challenges.cloudflare.com';

/**
 * The security headers of every page: no script runs but the one with the page's nonce, no other page may frame it, nothing
 * stores it unless the route sets `Cache-Control`. `Referrer-Policy` is `same-origin`, because with `no-referrer` a browser
 * sends `Origin: null` with our own form.
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
      // The answer to the form leads on to Checkout, and a browser applies this to the redirect too.
      'form-action': ["'self'", ...(isStripe ? [STRIPE_CHECKOUT] : originSources(stripeApiBase))],
      'frame-ancestors': ["'none'"],
      'base-uri': ["'none'"],
    });
    c.header('Content-Security-Policy', policy);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Frame-Options', 'DENY');
    c.header('Referrer-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
    if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
  });
