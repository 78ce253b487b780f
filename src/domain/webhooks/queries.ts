import { ApiError } from '../../core/errors.ts';
import type { Page, TimePageRequest } from '../../core/paging.ts';
import {
  type DeliveryFilter,
  type DeliveryView,
  type FoundDelivery,
  findDelivery,
  listDeliveries,
} from '../../db/deliveries.ts';
import { type EndpointUse, listEndpointUses } from '../../db/endpoint-uses.ts';
import { findEvent, type ListedEvent } from '../../db/event-lists.ts';
import { findWebhookEndpoint, type WebhookEndpoint } from '../../db/webhook-endpoints.ts';
import type { Context } from '../context.ts';

/** A webhook endpoint of this workspace. Throws `not_found`, also for another workspace's endpoint. */
export async function readEndpoint(context: Context, id: string): Promise<WebhookEndpoint> {
  const endpoint = await findWebhookEndpoint(context.database, context.workspace.id, id);
  if (!endpoint) throw endpointNotFound();
  return endpoint;
}

/** An enabled endpoint of this workspace. Throws `not_found` and `webhook_endpoint_disabled`. */
export async function readEnabledEndpoint(context: Context, id: string): Promise<WebhookEndpoint> {
  const endpoint = await readEndpoint(context, id);
  requireEnabled(endpoint);
  return endpoint;
}

/** Throws `webhook_endpoint_disabled` for a disabled endpoint. */
export function requireEnabled({ id, status }: WebhookEndpoint): void {
  if (status === 'enabled') return;
  throw new ApiError(
    'webhook_endpoint_disabled',
    `The webhook endpoint ${id} is disabled. POST /webhook-endpoints/${id}/enable enables it and sends what it missed.`,
  );
}

/** The error for an id that no webhook endpoint of the workspace has. */
export function endpointNotFound(): ApiError {
  return new ApiError('not_found', 'No webhook endpoint with this id in your workspace.');
}

/** A page of an endpoint's deliveries, newest first. Throws `not_found`, also for another workspace's endpoint. */
export async function readEndpointDeliveries(
  context: Context,
  { id, filter, page }: { readonly id: string; readonly filter: DeliveryFilter; readonly page: TimePageRequest },
): Promise<Page<DeliveryView>> {
  const listed = await listDeliveries(context.database, context.workspace.id, id, filter, page);
  if (!listed) throw endpointNotFound();
  return listed;
}

/** An event of this workspace. Throws `not_found`. */
export async function readEvent(context: Context, id: string): Promise<ListedEvent> {
  const event = await findEvent(context.database, context.workspace.id, id);
  if (!event) throw new ApiError('not_found', 'No event with this id in your workspace. Events are kept for 30 days.');
  return event;
}

/** A delivery of this workspace with its event and endpoint, of which both may be deleted by now. Throws `not_found`. */
export async function readDelivery(context: Context, id: string): Promise<FoundDelivery> {
  const found = await findDelivery(context.database, context.workspace.id, id);
  if (!found) throw new ApiError('not_found', 'No delivery with this id in your workspace.');
  return found;
}

/** `failing`: every attempt since `failingSince` has failed. `unused`: no event has arrived yet. */
type EndpointHealth = 'disabled' | 'failing' | 'unused' | 'healthy';

/** All webhook endpoints of this workspace (at most 20) with their health, newest first. One round trip to the database. */
export async function readEndpoints(
  context: Context,
): Promise<readonly (EndpointUse & { readonly health: EndpointHealth })[]> {
  const endpoints = await listEndpointUses(context.database, context.workspace.id);
  return endpoints.map((endpoint) => ({ ...endpoint, health: healthOf(endpoint) }));
}

function healthOf({ status, failingSince, lastSucceededAt }: EndpointUse): EndpointHealth {
  if (status === 'disabled') return 'disabled';
  if (failingSince !== null) return 'failing';
  return lastSucceededAt === null ? 'unused' : 'healthy';
}
