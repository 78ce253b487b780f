import { ApiError } from '../../../core/errors.ts';
import { findWebhookEndpoint, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { Context } from '../../context.ts';

/** A webhook endpoint of this workspace. Throws `not_found`, the same for another workspace's. */
export async function readEndpoint(context: Context, id: string): Promise<WebhookEndpoint> {
  const endpoint = await findWebhookEndpoint(context.database, context.workspace.id, id);
  if (!endpoint) throw endpointNotFound();
  return endpoint;
}

/** What is said of an endpoint that is not there, never was, or is another workspace's. */
export function endpointNotFound(): ApiError {
  return new ApiError('not_found', 'No webhook endpoint with this id in your workspace.');
}

/** Throws `webhook_endpoint_disabled`, with what to do about it. */
export function requireEnabled({ id, status }: WebhookEndpoint): void {
  if (status === 'enabled') return;
  throw new ApiError(
    'webhook_endpoint_disabled',
    `The webhook endpoint ${id} is disabled. POST /webhook-endpoints/${id}/enable takes it into service and sends what it missed.`,
  );
}
