import { createMiddleware } from 'hono/factory';
import type { AppEnv } from '../app-env.ts';

/** The frame's variables. */
export interface FrameEnv extends AppEnv {
  Variables: AppEnv['Variables'] & {
    /** Of the page's own style and script. */
    nonce: string;
    /** The origin whose pages may frame this answer; not set: nobody's. */
    framedBy: string | undefined;
    /** What the merchant tells a buyer who comes too late, where they tell something. */
    lateMessage: string | undefined;
  };
}

const STRIPE_JS = 'https://js.stripe.com';
/** What Stripe.js and its embedded Checkout load (docs.stripe.com/security/guide#content-security-policy). */
const STRIPE = {
  script: `${STRIPE_JS} https://*.js.stripe.com https://checkout.stripe.com`,
  frame: `${STRIPE_JS} https://*.js.stripe.com https://hooks.stripe.com https://checkout.stripe.com`,
  connect: 'https://api.stripe.com https://checkout.stripe.com',
  image: 'https://*.stripe.com',
};

/** Stripe's own origins, or the one of what stands in for them on this machine, under either of its names. */
function stripeSources(stripeJsUrl: string): typeof STRIPE {
  const { origin, hostname, port } = new URL(stripeJsUrl);
  if (origin === STRIPE_JS) return STRIPE;
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1';
  const own = isLocal ? `http://localhost:${port} http://127.0.0.1:${port}` : origin;
  return { script: own, frame: own, connect: own, image: own };
}

/**
 * The security headers of the widget's frame: only the page that the token names may frame it, and only our script and
 * Stripe's run in it. `strict-origin` as referrer: the address carries the token. No X-Frame-Options: it cannot name an origin.
 */
export const frameHeaders = () =>
  createMiddleware<FrameEnv>(async function frameHeaders(c, next) {
    const nonce = crypto.randomUUID().replaceAll('-', '');
    c.set('nonce', nonce);
    await next();
    const stripe = stripeSources(c.var.config.stripeJsUrl);
    c.header(
      'Content-Security-Policy',
      [
        "default-src 'none'",
        `script-src 'self' 'nonce-${nonce}' ${stripe.script}`,
        `style-src 'nonce-${nonce}'`,
        // Stripe.js styles its own frames by attributes.
        "style-src-attr 'unsafe-inline'",
        `frame-src ${stripe.frame}`,
        `connect-src 'self' ${stripe.connect}`,
        `img-src 'self' ${stripe.image}`,
        "form-action 'self'",
        "base-uri 'none'",
        `frame-ancestors ${c.var.framedBy ?? "'none'"}`,
      ].join('; '),
    );
    // Whom the frame may hold at all, `frame-src` says; a policy of permissions has no stars within a host everywhere.
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=(), payment=*');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'strict-origin');
    c.header('Cache-Control', 'no-store');
  });
