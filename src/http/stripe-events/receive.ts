import { Hono } from 'hono';
import type { Mode } from '../../core/api-keys.ts';
import { ApiError, unavailable } from '../../core/errors.ts';
import { DEFAULT_SHARD } from '../../core/ids.ts';
import { logLine } from '../../core/log.ts';
import { openDatabase } from '../../db/client.ts';
import { countDropped, insertQuarantined } from '../../db/stripe-events.ts';
import { findWorkspaceByAccount } from '../../db/workspaces.ts';
import { refusingViolations } from '../../domain/checkout/settle-payment.ts';
import { type StripeEvent, verifyStripeEvent } from '../../stripe/events.ts';
import { workspaceContext } from '../../workspace-context.ts';
import type { AppEnv } from '../app-env.ts';
import { methodNotAllowed } from '../middleware/method-not-allowed.ts';
import { readBytes } from '../read-bytes.ts';
import { applyStripeEvent, claimsToBeOurs } from './apply.ts';

/** Stripe's events are far smaller; more is not Stripe. */
const MAX_BYTES = 1024 * 1024;
const MODES: Readonly<Record<string, Mode>> = { test: 'sandbox', live: 'live' };

/**
 * `/api/stripe/events/:mode`: Stripe's Connect webhooks, one endpoint and secret per mode. Anything but 2xx makes Stripe
 * send the event again: so 5xx while the database is down, and 200 for what can never apply.
 */
export const stripeEvents = new Hono<AppEnv>();

stripeEvents.post('/:mode{test|live}', async (c) => {
  const mode = MODES[c.req.param('mode')];
  const credentials = mode ? c.var.config.stripe[mode] : null;
  if (!mode || !credentials?.webhookSecret) {
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
  const outcome = await receive(c.env, c.var, { event, mode, rawBody });
  logLine('info', 'stripe event', { request_id: requestId, stripe_event: event.id, type: event.type, outcome });
  return c.json({ received: true });
});
stripeEvents.all('/:mode{test|live}', methodNotAllowed('POST'));

/** Byte for byte what was signed: nothing that a lenient decoder would drop or replace. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as text, or null where it is no UTF-8. */
async function readRaw(request: Request): Promise<string | null> {
  const bytes = await readBytes(request, MAX_BYTES);
  if (!bytes) throw new ApiError('payload_too_large', 'A Stripe event has at most 1 MB.');
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

interface Received {
  readonly event: StripeEvent;
  readonly mode: Mode;
  readonly rawBody: string;
}

/** What was done with the event, in a word for the log. */
async function receive(env: AppEnv['Bindings'], vars: AppEnv['Variables'], received: Received): Promise<string> {
  const { event, mode, rawBody } = received;
  const database = openDatabase(env.DB);
  if (event.livemode !== (mode === 'live')) {
    await countDropped(
      database,
      new Date().toISOString().slice(0, 10),
      event.livemode ? 'live_event_on_test' : 'test_event_on_live',
    );
    return 'dropped: other mode';
  }
  if (event.fact.kind === 'other' || event.account === null) return 'ignored: not a type we act on';

  const owner = await findWorkspaceByAccount(database, event.account, event.livemode);
  const quarantine = async (reason: string): Promise<string> => {
    await insertQuarantined(database, {
      id: event.id,
      stripeAccountId: event.account ?? '',
      livemode: event.livemode,
      type: event.type,
      reason,
      body: rawBody,
      receivedAt: Date.now(),
      releasedAt: null,
    });
    return `quarantined: ${reason}`;
  };
  if (!owner) return claimsToBeOurs(event) ? await quarantine('unknown_account') : 'ignored: unknown account';

  const context = workspaceContext(env, vars.config, {
    database,
    shard: DEFAULT_SHARD,
    ...owner,
    actor: 'stripe',
    requestId: vars.requestId,
  });
  const result = await refusingViolations(() => applyStripeEvent(context, event));
  return result.kind === 'refused' ? await quarantine(result.reason) : result.kind;
}
