import type { Statement } from '../../../db/client.ts';
import { outboxIfChangedStatements } from '../../../db/outbox.ts';
import {
  disableEndpointStatements,
  endpointFailsStatement,
  endpointSucceedsStatement,
  type WebhookEndpoint,
} from '../../../db/webhook-endpoints.ts';
import { auditOf, type PlatformContext, withWorkspace } from '../../context.ts';
import { composeEvent, disabledEndpointData } from '../event-data.ts';
import { DISABLED_REASONS } from '../stored-texts.ts';
import type { Attempted } from './attempt-delivery.ts';
import { isDelivered, isGone } from './post-webhook.ts';

/** An endpoint that has failed for this long without a success is disabled. */
const FAILING_LIMIT_MS = 5 * 24 * 60 * 60 * 1000;

interface Disabling {
  readonly endpoint: WebhookEndpoint;
  readonly reason: string;
  /** When the endpoint is disabled, unix ms. */
  readonly at: number;
  /** Disable only if every attempt since this time (unix ms) has failed. null: disable in any case. */
  readonly ifFailingSince: number | null;
}

/**
 * Statements for the batch that stores a run's attempts. They store since when an endpoint fails, and disable endpoints
 * that have failed for too long or answered 410, each with an event for the workspace's other endpoints.
 */
export async function healthStatements(
  context: PlatformContext,
  attempted: readonly Attempted[],
): Promise<readonly Statement[]> {
  const { database } = context;
  const failed = attempted.filter(({ result }) => !isDelivered(result));
  const answering = onePerEndpoint(attempted.filter(({ result }) => isDelivered(result)));
  const beginToFail = onePerEndpoint(failed.filter(({ endpoint }) => endpoint.failingSince === null));
  const disabling = await Promise.all(disablingsOf(failed).map((one) => disablingStatements(context, one)));
  // Successes come first, so that an endpoint that also succeeded in this run does not count as failing.
  return [
    ...answering.map(({ endpoint }) => endpointSucceedsStatement(database, endpoint)),
    ...beginToFail.map(({ endpoint, at }) => endpointFailsStatement(database, endpoint, at)),
    ...disabling.flat(),
  ];
}

function onePerEndpoint<T extends { readonly endpoint: WebhookEndpoint }>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.endpoint.id, one])).values()];
}

function disablingsOf(failed: readonly Attempted[]): Disabling[] {
  const found = failed.flatMap(({ endpoint, result, at }): Disabling[] => {
    if (isGone(result)) return [{ endpoint, at, ifFailingSince: null, reason: DISABLED_REASONS.gone }];
    const ifFailingSince = at - FAILING_LIMIT_MS;
    if (endpoint.failingSince === null || endpoint.failingSince > ifFailingSince) return [];
    return [{ endpoint, at, ifFailingSince, reason: DISABLED_REASONS.failing }];
  });
  return onePerEndpoint(found);
}

/** Disables the endpoint before it writes the event, so that only the workspace's other endpoints get the event. */
async function disablingStatements(
  context: PlatformContext,
  { endpoint, reason, at, ifFailingSince }: Disabling,
): Promise<readonly Statement[]> {
  const { database } = context;
  const { id } = endpoint;
  const then = withWorkspace({ ...context, now: () => at }, endpoint.workspaceId);
  const event = await composeEvent(then, {
    type: 'webhook.endpoint.disabled',
    subject: null,
    paymentId: null,
    data: disabledEndpointData(endpoint, reason),
  });
  const audit = auditOf(then, 'webhook_endpoint.disable', id);
  return [
    ...disableEndpointStatements(database, endpoint, { reason, ifFailingSince }, audit),
    ...outboxIfChangedStatements(database, event),
  ];
}
