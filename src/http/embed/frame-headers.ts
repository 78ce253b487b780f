import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';
import { contentSecurityPolicy, newNonce, originSources } from '../middleware/content-security-policy.ts';

/** What the routes of the widget's frame find in `c.var`. */
export interface FrameEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** The nonce of the page's own style and script. */
    nonce: string;
    /** The origin whose pages may frame this answer; not set: no page may. */
    framedBy: string | undefined;
    /** The merchant's own words to a buyer who comes too late; not set: ours. */
    lateMessage: string | undefined;
  };
}

const STRIPE_JS = 'https://js.stripe.com';
/** What Stripe.js and its embedded Checkout load (docs.stripe.com/security/guide#content-security-policy). */
const STRIPE = {
  script: [STRIPE_JS, 'https://*.js.stripe.com', 'https://checkout.stripe.com'],
  frame: [STRIPE_JS, 'https://*.js.stripe.com', 'https://hooks.stripe.com', 'https://checkout.stripe.com'],
  connect: ['https://api.stripe.com', 'https://checkout.stripe.com'],
  image: ['https://*.stripe.com'],
};

/** Stripe's own origins, or those of the simulator that the configuration names. */
function stripeSources(stripeJsUrl: string): typeof STRIPE {
  if (new URL(stripeJsUrl).origin === STRIPE_JS) return STRIPE;
  const own = originSources(stripeJsUrl);
  return { script: own, frame: own, connect: own, image: own };
}

/**
 * The security headers of the widget's frame: only pages of the origin in its token may frame it, and only our script and
 * Stripe's run in it. `Referrer-Policy` is `strict-origin`, because the address carries the token. There is no
 * `X-Frame-Options`: it cannot name an origin.
 */
export const frameHeaders = () =>
  createMiddleware<FrameEnv>(async function frameHeaders(c, next) {
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
    c.header('Referrer-Policy', 'strict-origin');
    c.header('Cache-Control', 'no-store');
  });
