import { decryptSecret } from '../../../core/crypto.ts';
import { describeError, logLine } from '../../../core/log.ts';
import { webhookUrlFault } from '../../../core/urls.ts';
import { signWebhook } from '../../../core/webhook-signature.ts';
import type { ClaimedDelivery } from '../../../db/delivery-runs.ts';
import type { Delivery } from '../../../db/outbox.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { PlatformContext } from '../../context.ts';
import { ATTEMPT_ERRORS } from '../stored-texts.ts';
import { isDelivered, type PostResult, postWebhook } from './post-webhook.ts';

/** A delivery that cannot be signed is put off by this much (ms), again and again until it can be signed. */
const OUR_FAULT_DELAY_MS = 15 * 60_000;

const ANY_URL = /https?:\/\/[^\s'"]+/gi;

/** A delivery attempt that was made. `at`: when the attempt ended, unix ms. */
export interface Attempted {
  readonly kind: 'attempted';
  readonly delivery: Delivery;
  readonly endpoint: WebhookEndpoint;
  readonly result: PostResult;
  readonly at: number;
}

/** What a run did with a delivery. `put_off`: the delivery was not sent, and is due again at `until` (unix ms). */
export type Ending = Attempted | { readonly kind: 'put_off'; readonly delivery: Delivery; readonly until: number };

/** Makes one attempt of a delivery: signs, sends and logs it. Writes nothing to the database. Never throws. */
export async function attemptDelivery(context: PlatformContext, claimed: ClaimedDelivery): Promise<Ending> {
  const { delivery, endpoint, body } = claimed;
  const fault = webhookUrlFault(endpoint.url, context.webhookUrlRules);
  const headers = fault ? null : await sign(context, delivery, endpoint, body);
  if (!fault && !headers) return { kind: 'put_off', delivery, until: context.now() + OUR_FAULT_DELAY_MS };
  const result = headers ? await postWebhook(endpoint.url, body, headers, context.now) : notSent(`its URL ${fault}`);
  logAttempt(claimed, result);
  return { kind: 'attempted', delivery, endpoint, result, at: context.now() };
}

/** One line for each attempt, a warning if it failed. A URL may hold a secret in its path or query, so none is logged. */
function logAttempt({ delivery, endpoint, eventType }: ClaimedDelivery, result: PostResult): void {
  const level = isDelivered(result) ? 'info' : 'warn';
  const error = result.error?.replaceAll(ANY_URL, '<url>') ?? null;
  logLine(level, 'webhook attempt', {
    workspace: delivery.workspaceId,
    endpoint: endpoint.id,
    delivery: delivery.id,
    event_type: eventType,
    attempt: delivery.attemptCount + 1,
    status: result.statusCode,
    error,
    duration_ms: result.durationMs,
  });
}

/** The headers with the signature. null: signing failed, which is this service's fault, not the endpoint's. */
async function sign(context: PlatformContext, delivery: Delivery, endpoint: WebhookEndpoint, body: string) {
  try {
    return await signWebhook({
      eventId: delivery.eventId,
      body,
      secrets: await secretsOf(context, endpoint),
      attempt: delivery.attemptCount + 1,
      nowSeconds: Math.floor(context.now() / 1000),
    });
  } catch (error) {
    logLine('error', 'webhook not signed', { endpoint: endpoint.id, error: describeError(error) });
    return null;
  }
}

/** The endpoint's valid secrets, newest first. After a rotation the previous secret stays valid for 7 days. */
async function secretsOf(context: PlatformContext, endpoint: WebhookEndpoint): Promise<string[]> {
  const keyring = await context.keyring();
  const bound = [endpoint.workspaceId, endpoint.id];
  const current = await decryptSecret(keyring, endpoint.sealedSecret, bound);
  const { sealedPreviousSecret, previousSecretValidUntil } = endpoint;
  if (sealedPreviousSecret === null || (previousSecretValidUntil ?? 0) <= context.now()) return [current];
  return [current, await decryptSecret(keyring, sealedPreviousSecret, bound)];
}

function notSent(why: string): PostResult {
  return {
    statusCode: null,
    error: `${ATTEMPT_ERRORS.notSent}: ${why}`,
    timedOut: false,
    durationMs: 0,
    responseBody: '',
    retryAfterSeconds: null,
  };
}
