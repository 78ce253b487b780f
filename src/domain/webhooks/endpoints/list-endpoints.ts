import { type TimePage, type TimePageRequest, timePageOf } from '../../../core/time-paging.ts';
import { listWebhookEndpoints, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import type { Context } from '../../context.ts';

/** The workspace's webhook endpoints, newest first. */
export async function listEndpoints(context: Context, request: TimePageRequest): Promise<TimePage<WebhookEndpoint>> {
  const oneMore = { ...request, limit: request.limit + 1 };
  return timePageOf(await listWebhookEndpoints(context.database, context.workspace.id, oneMore), request.limit);
}
