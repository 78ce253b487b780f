import pMap from 'p-map';
import { decryptSecret, type SecretsKeyring } from '../../core/crypto.ts';
import { describeError, logLine } from '../../core/log.ts';
import { nextAttemptAt } from '../../core/retry-schedule.ts';
import { webhookUrlFault } from '../../core/urls.ts';
import { signWebhook } from '../../core/webhook-signature.ts';
import type { Database } from '../../db/client.ts';
import {
  abandonDeliveryStatement,
  attemptStatements,
  type ClaimedDelivery,
  claimDeliveries,
  type Delivery,
} from '../../db/events.ts';
import {
  disableEndpointStatements,
  noteEndpointFailureStatement,
  noteEndpointSuccessStatement,
  type WebhookEndpoint,
} from '../../db/webhook-endpoints.ts';
import { type PostResult, postWebhook } from './post-webhook.ts';

/** Requests under way at once in one run: the platform allows six connections that wait for headers. */
const IN_FLIGHT = 6;
/** How long a run holds its deliveries; a run that dies gives them back to the sweep by then. */
const LEASE_MS = 5 * 60_000;
/** A wake-up call may come this much before its time. */
const EARLY_MS = 1_000;
/** Failures spanning this long with no success between take an endpoint out of service. */
const FAILING_LIMIT_MS = 5 * 24 * 60 * 60 * 1000;

/** What delivering needs: no workspace, since one run serves many. */
export interface DeliveryContext {
  readonly database: Database;
  readonly keyring: SecretsKeyring;
  readonly allowLocalWebhooks: boolean;
  readonly ownHosts: readonly string[];
  readonly now: () => number;
  /** In [0, 1), for the jitter. */
  readonly random: () => number;
}

/** A delivery that has to be woken again, and when (unix ms). */
export interface NextWake {
  readonly deliveryId: string;
  readonly at: number;
}

interface Attempted {
  readonly claimed: ClaimedDelivery & { readonly endpoint: WebhookEndpoint };
  readonly result: PostResult;
}

/**
 * Attempts the deliveries among `ids` that are due: two round trips to the database, at most six requests in flight.
 * Answers which must be woken again and when. Throws only where the database fails: then nothing is acknowledged, and
 * what was sent may be sent again.
 */
export async function deliver(context: DeliveryContext, ids: readonly string[]): Promise<NextWake[]> {
  const now = context.now();
  const claimed = await claimDeliveries(context.database, ids, {
    claim: crypto.randomUUID(),
    dueBy: now + EARLY_MS,
    until: now + LEASE_MS,
  });
  if (claimed.length === 0) return [];

  const attempted = await pMap(claimed, (delivery) => attempt(context, delivery), { concurrency: IN_FLIGHT });
  const outcomes = attempted.map((one, index) => {
    const delivery = claimed[index]?.delivery;
    if (one) return outcomeOf(context, one);
    return {
      statements: delivery ? [abandonDeliveryStatement(context.database, delivery, context.now())] : [],
      wake: null,
    };
  });
  const statements = outcomes.flatMap((outcome) => outcome.statements);
  const [first, ...rest] = [...statements, ...healthStatements(context, attempted)];
  if (first) await context.database.batch([first, ...rest]);
  return outcomes.flatMap((outcome) => (outcome.wake ? [outcome.wake] : []));
}

/** null where there is nobody to send to any more. */
async function attempt(context: DeliveryContext, claimed: ClaimedDelivery): Promise<Attempted | null> {
  const { endpoint } = claimed;
  if (endpoint?.status !== 'enabled') return null;
  const sendable = { ...claimed, endpoint };
  return { claimed: sendable, result: await send(context, sendable) };
}

async function send(context: DeliveryContext, { delivery, endpoint, body }: Attempted['claimed']): Promise<PostResult> {
  const fault = webhookUrlFault(endpoint.url, {
    allowLocal: context.allowLocalWebhooks,
    ownHosts: context.ownHosts,
  });
  if (fault) return notSent(`its URL ${fault}`);
  try {
    const headers = await signWebhook({
      eventId: delivery.eventId,
      body,
      secrets: await secretsOf(context, endpoint),
      attempt: delivery.attemptCount + 1,
      nowSeconds: Math.floor(context.now() / 1000),
    });
    return await postWebhook(endpoint.url, body, headers, context.now);
  } catch (error) {
    // A secret that does not open is this endpoint's trouble alone: the others of the run go on.
    logLine('error', 'webhook not signed', { endpoint: endpoint.id, error: describeError(error) });
    return notSent('its signing secret does not open.');
  }
}

function notSent(why: string): PostResult {
  return { statusCode: null, error: `not sent: ${why}`, durationMs: 0, responseBody: '', retryAfterSeconds: null };
}

/** The secrets in force, newest first: during a rotation both sign. */
async function secretsOf(context: DeliveryContext, endpoint: WebhookEndpoint): Promise<string[]> {
  const bound = [endpoint.workspaceId, endpoint.id];
  const current = await decryptSecret(context.keyring, endpoint.sealedSecret, bound);
  const { sealedPreviousSecret, previousSecretValidUntil } = endpoint;
  if (sealedPreviousSecret === null || (previousSecretValidUntil ?? 0) <= context.now()) return [current];
  return [current, await decryptSecret(context.keyring, sealedPreviousSecret, bound)];
}

function isDelivered({ statusCode }: PostResult): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}

function isGone({ statusCode }: PostResult): boolean {
  return statusCode === 410;
}

function outcomeOf(context: DeliveryContext, { claimed, result }: Attempted) {
  const { delivery } = claimed;
  const delivered = isDelivered(result);
  const next = delivered || isGone(result) ? null : nextAttempt(context, delivery, result);
  const status = delivered ? 'succeeded' : next === null ? 'failed' : 'pending';
  return {
    statements: attemptStatements(
      context.database,
      delivery,
      {
        deliveryId: delivery.id,
        number: delivery.attemptCount + 1,
        at: context.now(),
        statusCode: result.statusCode,
        durationMs: result.durationMs,
        error: result.error,
        responseBody: result.responseBody,
      },
      { status, nextAttemptAt: next },
    ),
    wake: next === null ? null : { deliveryId: delivery.id, at: next },
  };
}

function nextAttempt(context: DeliveryContext, delivery: Delivery, result: PostResult): number | null {
  return nextAttemptAt({
    createdAt: delivery.createdAt,
    now: context.now(),
    attemptsMade: delivery.attemptCount + 1,
    retryAfterSeconds: result.retryAfterSeconds,
    random: context.random(),
  });
}

/** What the attempts say of their endpoints. Successes come first, so that none of the same run is overlooked. */
function healthStatements(context: DeliveryContext, attempted: readonly (Attempted | null)[]) {
  const made = attempted.filter((one) => one !== null);
  const delivered = made.filter(({ result }) => isDelivered(result));
  const failed = made.filter(({ result }) => !isDelivered(result));
  return [
    ...delivered.map(({ claimed }) => noteEndpointSuccessStatement(context.database, claimed.endpoint)),
    ...failed.flatMap((one) => failureStatements(context, one)),
  ];
}

function failureStatements({ database, now }: DeliveryContext, { claimed: { endpoint }, result }: Attempted) {
  const at = now();
  if (isGone(result)) {
    return disableEndpointStatements(database, endpoint, { reason: 'The endpoint answered 410 Gone.', at });
  }
  if (endpoint.failingSince === null) return [noteEndpointFailureStatement(database, endpoint, at)];
  const ifFailingSince = at - FAILING_LIMIT_MS;
  if (endpoint.failingSince > ifFailingSince) return [];
  const reason = 'Every delivery failed for 5 days.';
  return disableEndpointStatements(database, endpoint, { reason, at, ifFailingSince });
}
