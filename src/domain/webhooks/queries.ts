import { ApiError } from '../../core/errors.ts';
import type { Page, TimePageRequest } from '../../core/paging.ts';
import { type DeliveryFilter, type DeliveryView, listDeliveries } from '../../db/deliveries.ts';
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
