import { ApiError } from '../../../core/errors.ts';
import type { WebhookEndpoint } from '../../../db/webhook-endpoints.ts';

/** Throws `webhook_endpoint_disabled`, with what to do about it. */
export function requireEnabled({ id, status }: WebhookEndpoint): void {
  if (status === 'enabled') return;
  throw new ApiError(
    'webhook_endpoint_disabled',
    `The webhook endpoint ${id} is disabled. POST /webhook-endpoints/${id}/enable takes it into service and sends what it missed.`,
  );
}
