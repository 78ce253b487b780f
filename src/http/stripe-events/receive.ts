import { Hono } from 'hono';
import * as z from 'zod/mini';
import type { Mode } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { DEFAULT_SHARD } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import { dropOtherMode, takeStripeEvent } from '../../domain/stripe-events/take-event.ts';
import { makeContext } from '../../make-context.ts';
import { verifyStripeEvent } from '../../stripe/events.ts';
import type { StripeEvent } from '../../stripe/gateway.ts';
import type { AppContext, AppEnv } from '../app-env.ts';
import { validParam } from '../middleware/validate.ts';
import { readBytes } from '../read-body.ts';

/** Stripe's events are much smaller. */
const MAX_BYTES = 1024 * 1024;
const MODES = { test: 'sandbox', live: 'live' } as const;
const path = z.object({ mode: z.enum(['test', 'live']) });

/**
 * `/api/stripe/events/:mode`: receives the Connect webhooks of Stripe. Each mode has its own address and secret. Stripe
 * sends an event again unless the answer is 2xx. So the answer is 5xx while a database that the event needs is down, and 200 for
 * an event that we can never use.
 */
export const stripeEvents = new Hono<AppEnv>();

stripeEvents.post('/:mode{test|live}', validParam(path), async (c) => {
  const { mode: name } = c.req.valid('param');
  const mode = MODES[name];
  const credentials = c.var.config.stripe[mode];
  if (!credentials?.webhookSecret) {
    const variable = `${credentials ? 'STRIPE_WEBHOOK_SECRET' : 'STRIPE_SECRET_KEY'}_${name.toUpperCase()}`;
    logLine('error', 'configuration', { request_id: c.var.requestId, faults: [`${variable} is missing`] });
    throw unavailable(`This service has no Stripe webhook secret for ${name} events.`);
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
  const { workspaceId: workspace, detail: outcome } = await apply(c, event, mode, rawBody);
  if (workspace !== null) c.var.notes.workspace = workspace;
  const { id: stripe_event, type, account, livemode } = event;
  logLine('info', 'stripe event', { request_id: requestId, stripe_event, type, account, livemode, workspace, outcome });
  return c.json({ received: true });
});

/** Fails on bytes that are not UTF-8 and keeps a byte order mark, because the signature covers every byte. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads the body as text. Returns null if it is not UTF-8. Throws `payload_too_large` for more than 1 MB. */
async function readRaw(request: Request): Promise<string | null> {
  const bytes = await readBytes(request, MAX_BYTES);
  if (!bytes) throw new ApiError('payload_too_large', 'A Stripe event has at most 1 MB.');
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

/** Applies a Stripe event to the database. Returns what was done and for which workspace, for the log. */
async function apply(c: AppContext, event: StripeEvent, mode: Mode, rawBody: string) {
  const { requestId, config } = c.var;
  const context = makeContext(c.env, config, { shard: DEFAULT_SHARD, actor: { kind: 'stripe' }, requestId });
  if (await dropOtherMode(context, event, mode === 'live')) return { workspaceId: null, detail: 'dropped: other mode' };
  return await takeStripeEvent(context, { event, body: rawBody });
}
