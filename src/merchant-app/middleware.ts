import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import { logLine } from '../core/log.ts';
import { madeOnce } from '../core/made-once.ts';
import { openDatabase } from '../db/client.ts';
import type { Config as ServiceConfig } from '../env.ts';
import type { AppEnv, PolicyChanges } from './app-env.ts';
import { type Bindings, type Config, configOf } from './env.ts';
import { languageOf } from './language.ts';
import type { Mailer } from './mail.ts';
import { messagePage } from './pages/message.tsx';
import { type Auth, makeAuth } from './sign-in/auth.ts';

/** The pages load scripts and styles only from the app itself, and logos and QR codes from the API. */
function policyOf(
  { publicUrl, stripeJsUrl }: Pick<ServiceConfig, 'publicUrl' | 'stripeJsUrl'>,
  changes: PolicyChanges,
): string {
  // The answer to a form can lead to Stripe, and a browser applies `form-action` to that too. The pages of the simulator are where
  // its script is; our own calls can go to it by another name.
  const stripe = ['https://*.stripe.com', new URL(stripeJsUrl).origin].join(' ');
  const directives = {
    'default-src': "'none'",
    'script-src': "'self'",
    'connect-src': "'self'",
    'style-src': "'self'",
    'img-src': `'self' ${new URL(publicUrl).origin}`,
    'form-action': `'self' ${stripe}`,
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    ...changes,
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`.trim())
    .join('; ');
}

/** For pages without a configuration: nothing loads. */
const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

const STRICT_TRANSPORT = 'max-age=31536000';
const READING = ['GET', 'HEAD'];

/**
 * Gives every request an id, in `c.var.requestId` and the header `Softsolz-Request-Id`, and a language, in
 * `c.var.language`. Writes one log line for it, without anything that identifies a person.
 *
 * @example app.use(requestLog())
 */
export const requestLog = () =>
  createMiddleware<AppEnv>(async function requestLog(c, next) {
    const startedAt = Date.now();
    const requestId = crypto.randomUUID();
    c.set('requestId', requestId);
    c.set('language', languageOf(c.req.header('Accept-Language') ?? null));
    await next();
    c.header('Softsolz-Request-Id', requestId);
    logLine('info', 'request', {
      request_id: requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      duration_ms: Date.now() - startedAt,
    });
  });

/**
 * Sets the security headers of all answers: nothing but the app's own scripts, styles and pictures loads, no page frames
 * them, and no cache stores them. A route changes the policy of its page by `c.var.policy`.
 *
 * @example app.use(securityHeaders())
 */
export const securityHeaders = () =>
  createMiddleware<AppEnv>(async function securityHeaders(c, next) {
    await next();
    const changes = c.var.policy ?? {};
    c.header('Content-Security-Policy', configOf(c.env).ok ? policyOf(c.var.config.service, changes) : NOTHING);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('X-Frame-Options', changes['frame-ancestors'] === "'self'" ? 'SAMEORIGIN' : 'DENY');
    // With `no-referrer` a browser would send `Origin: null` with our own forms.
    c.header('Referrer-Policy', 'same-origin');
    c.header('Permissions-Policy', 'camera=(), microphone=(), geolocation=()');
    c.header('Cache-Control', 'no-store');
    if (new URL(c.req.url).protocol === 'https:') c.header('Strict-Transport-Security', STRICT_TRANSPORT);
  });

/**
 * Sets `c.var.config`, `c.var.auth`, `c.var.send` and `c.var.directory`. Answers 503 if a variable is missing or malformed, and the
 * log names each of them.
 *
 * @example app.use(configuration(cloudflareMailer))
 */
export const configuration = (mailer: Mailer) => {
  const authFor = madeOnce((env: Bindings) => madeOnce((config: Config): Auth => makeAuth(env, config)));
  return createMiddleware<AppEnv>(async function configuration(c, next) {
    const parsed = configOf(c.env);
    if (!parsed.ok) {
      logLine('error', 'configuration', { request_id: c.var.requestId, faults: parsed.faults });
      return c.html(messagePage(c.var.language, 'notSetUp'), 503);
    }
    c.set('config', parsed.config);
    c.set('auth', authFor(c.env)(parsed.config));
    c.set('send', mailer(c.env, parsed.config));
    c.set('directory', openDatabase(c.env.DB));
    return await next();
  });
};

/**
 * Waits for the whole form before anything is decided: a session that ends, or a role that is lost while a form is still on its
 * way, counts. Hono keeps what was read.
 *
 * @example app.use(wholeForm())
 */
export const wholeForm = () =>
  createMiddleware<AppEnv>(async function wholeForm(c, next) {
    if (!READING.includes(c.req.method)) await c.req.arrayBuffer();
    await next();
  });

/**
 * Refuses a request that changes something and does not come from a page of this app. Every browser says with a form
 * which origin it is from.
 *
 * @example app.use(ownForms())
 */
export const ownForms = () =>
  createMiddleware<AppEnv>(async function ownForms(c, next) {
    const site = c.req.header('Sec-Fetch-Site');
    const isOwn = c.req.header('Origin') === c.var.config.appUrl && (site === undefined || site === 'same-origin');
    if (READING.includes(c.req.method) || isOwn) return await next();
    return c.html(messagePage(c.var.language, 'otherSite'), 403);
  });
