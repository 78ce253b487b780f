import { Hono } from 'hono';
import type { Mode } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { DEFAULT_SHARD } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import { openDatabase } from '../../db/client.ts';
import { dropOtherMode, takeStripeEvent } from '../../domain/stripe-events/take-event.ts';
import { makeContext } from '../../make-context.ts';
import { verifyStripeEvent } from '../../stripe/events.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import type { AppContext, AppEnv } from '../app-env.ts';
import { readBytes } from '../read-body.ts';

/** The events of Stripe are much smaller. */
const MAX_BYTES = 1024 * 1024;
const MODES: Readonly<Record<string, Mode>> = { test: 'sandbox', live: 'live' };

/**
 * `/api/stripe/events/:mode`: the Connect webhooks of Stripe, with one endpoint and secret for each mode. After any answer but 2xx
 * Stripe sends the event again. So the answer is 5xx while the database is down, and 200 for an event that can never apply.
 */
export const stripeEvents = new Hono<AppEnv>();

stripeEvents.post('/:mode{test|live}', async (c) => {
  const mode = MODES[c.req.param('mode')];
  const credentials = mode ? c.var.config.stripe[mode] : null;
  if (!mode || !credentials?.webhookSecret) {
    const variable = `${credentials ? 'STRIPE_WEBHOOK_SECRET' : 'STRIPE_SECRET_KEY'}_${c.req.param('mode').toUpperCase()}`;
    logLine('error', 'configuration', { request_id: c.var.requestId, faults: [`${variable} is missing`] });
    throw unavailable(`This service has no Stripe webhook secret for ${c.req.param('mode')} events.`);
  }
  const rawBody = await readRaw(c.req.raw);
  const signature = c.req.header('Stripe-Signature') ?? '';
  const { webhookSecret: secret } = credentials;
  const verified = rawBody === null ? null : await verifyStripeEvent({ rawBody, signature, secret, now: Date.now() });
  if (rawBody === null || !verified || verified.kind === 'refused') {
    throw new ApiError(
      'validation_failed',
      'Stripe-Signature does not fit this body, or its time is more than 300 s off.',
    );
  }
  const { requestId } = c.var;
  if (verified.kind === 'foreign') {
    logLine('warn', 'stripe event', { request_id: requestId, outcome: 'ignored: no event that we can read' });
    return c.json({ received: true });
  }
  const { event } = verified;
  const outcome = await apply(c, event, mode, rawBody);
  logLine('info', 'stripe event', { request_id: requestId, stripe_event: event.id, type: event.type, outcome });
  return c.json({ received: true });
});

/** Strict: the text must have every byte that was signed. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the body as text. Returns null if it is not UTF-8. Throws `payload_too_large`. */
async function readRaw(request: Request): Promise<string | null> {
  const bytes = await readBytes(request, MAX_BYTES);
  if (!bytes) throw new ApiError('payload_too_large', 'A Stripe event has at most 1 MB.');
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Applies an event to the database. Returns what was done with it, for the log. */
async function apply(c: AppContext, event: StripeEvent, mode: Mode, rawBody: string): Promise<string> {
  const { requestId, config } = c.var;
  const database = openDatabase(c.env.DB);
  const context = makeContext(c.env, config, { database, shard: DEFAULT_SHARD, actor: { kind: 'stripe' }, requestId });
  if (await dropOtherMode(context, event, mode === 'live')) return 'dropped: other mode';
  return (await takeStripeEvent(context, { event, body: rawBody })).detail;
}
