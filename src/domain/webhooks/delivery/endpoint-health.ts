import { toRfc3339 } from '../../../core/rfc3339.ts';
import type { Statement } from '../../../db/client.ts';
import { outboxIfStatements } from '../../../db/events.ts';
import {
  disableEndpointStatements,
  noteEndpointFailureStatement,
  noteEndpointSuccessStatement,
  type WebhookEndpoint,
  wasDisabledAt,
  workspaceEndpointsStatement,
} from '../../../db/webhook-endpoints.ts';
import { auditOf, type PlatformContext } from '../../context.ts';
import { composeEvent } from '../compose-event.ts';
import type { WebhookEndpointDisabledData } from '../event-schemas.ts';
import type { Attempted } from './attempt-delivery.ts';
import { isDelivered, isGone } from './post-webhook.ts';

/** Failures spanning this long with no success between take an endpoint out of service. */
const FAILING_LIMIT_MS = 5 * 24 * 60 * 60 * 1000;

export interface Health {
  readonly statements: readonly Statement[];
  /** Deliveries to the workspaces' other endpoints of what happened to these. */
  readonly told: readonly string[];
}

interface Disabling {
  readonly endpoint: WebhookEndpoint;
  readonly reason: string;
  /** Unix ms. */
  readonly at: number;
  /** Only where every attempt since then (unix ms) has failed; null: whatever came before. */
  readonly ifFailingSince: number | null;
}

/**
 * What the attempts of a run say of their endpoints, for the batch that records them: since when each fails, and which
 * are taken out of service, with the event that tells the workspace. Reads the database only for the latter, once.
 */
export async function healthOf(context: PlatformContext, attempted: readonly Attempted[]): Promise<Health> {
  const { database } = context;
  const failed = attempted.filter(({ result }) => !isDelivered(result));
  const disablings = disablingsOf(failed);
  const told = disablings.length === 0 ? [] : await tellings(context, disablings);
  const answering = onePerEndpoint(attempted.filter(({ result }) => isDelivered(result)));
  const beginToFail = onePerEndpoint(failed.filter(({ endpoint }) => endpoint.failingSince === null));
  // Successes come first, so that none of the same run is overlooked.
  const statements = [
    ...answering.map(({ endpoint }) => noteEndpointSuccessStatement(database, endpoint)),
    ...beginToFail.map(({ endpoint, at }) => noteEndpointFailureStatement(database, endpoint, at)),
    ...told.flatMap((telling) => telling.statements),
  ];
  return { statements, told: told.flatMap((telling) => telling.deliveryIds) };
}

function onePerEndpoint<T extends { readonly endpoint: WebhookEndpoint }>(all: readonly T[]): T[] {
  return [...new Map(all.map((one) => [one.endpoint.id, one])).values()];
}

function disablingsOf(failed: readonly Attempted[]): Disabling[] {
  const found = failed.flatMap(({ endpoint, result, at }): Disabling[] => {
    if (isGone(result)) return [{ endpoint, at, ifFailingSince: null, reason: 'The endpoint answered 410 Gone.' }];
    const ifFailingSince = at - FAILING_LIMIT_MS;
    if (endpoint.failingSince === null || endpoint.failingSince > ifFailingSince) return [];
    return [{ endpoint, at, ifFailingSince, reason: 'Every delivery failed for 5 days.' }];
  });
  return onePerEndpoint(found);
}

async function tellings(context: PlatformContext, disablings: readonly Disabling[]) {
  const { database } = context;
  const workspaceIds = [...new Set(disablings.map(({ endpoint }) => endpoint.workspaceId))];
  const [first, ...more] = workspaceIds.map((id) => workspaceEndpointsStatement(database, id));
  const enabled = first ? (await database.batch([first, ...more])).flat() : [];
  return await Promise.all(
    disablings.map(async ({ endpoint, reason, at, ifFailingSince }) => {
      const { id, workspaceId, url, failingSince } = endpoint;
      const others = enabled.filter((other) => other.workspaceId === workspaceId && other.id !== id);
      const data: WebhookEndpointDisabledData = {
        webhook_endpoint_id: id,
        url,
        reason,
        failing_since: failingSince === null ? null : toRfc3339(failingSince),
      };
      const then = { ...context, workspace: { id: workspaceId }, now: () => at };
      const { event, deliveries, toWake } = await composeEvent(then, others, {
        type: 'webhook.endpoint.disabled',
        subject: `${id}:${at}`,
        paymentId: null,
        data,
      });
      const audit = auditOf(then, 'webhook_endpoint.disable', id);
      return {
        statements: [
          ...disableEndpointStatements(database, endpoint, { reason, ifFailingSince }, audit),
          ...outboxIfStatements(database, event, deliveries, wasDisabledAt(endpoint, at)),
        ],
        deliveryIds: toWake,
      };
    }),
  );
}
