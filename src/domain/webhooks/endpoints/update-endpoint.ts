import { inputError } from '../../../core/errors.ts';
import { updateWebhookEndpoint, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { changedOf, definedOf } from '../../changes.ts';
import { auditOf, type Context } from '../../context.ts';
import { endpointNotFound, readEndpoint } from '../queries.ts';

/** The change of an endpoint, checked by the route. undefined: stays as it is. */
export interface EndpointChange {
  readonly url: string | undefined;
  readonly events: string[] | undefined;
  readonly description: string | null | undefined;
  readonly metadata: Record<string, string> | undefined;
  readonly status: WebhookEndpoint['status'] | undefined;
}

/**
 * Changes an endpoint of this workspace; its secrets stay. Without changes nothing is written. Throws `not_found`, and
 * `validation_failed` where a disabled one is to be enabled: `enableEndpoint` does that, and sends what was missed.
 */
export async function updateEndpoint(
  context: Context,
  { id, status, ...content }: EndpointChange & { readonly id: string },
): Promise<WebhookEndpoint> {
  const endpoint = await readEndpoint(context, id);
  if (status === 'enabled' && endpoint.status === 'disabled') throw enablesElsewhere(id);
  const disables = status === 'disabled' && endpoint.status === 'enabled';
  const now = context.now();
  const changes: Partial<WebhookEndpoint> = {
    ...changedOf(endpoint, definedOf(content)),
    ...(disables ? { status, disabledReason: 'Disabled by the workspace.', disabledAt: now } : {}),
  };
  if (Object.keys(changes).length === 0) return endpoint;
  const audit = auditOf(context, disables ? 'webhook_endpoint.disable' : 'webhook_endpoint.update', id);
  const updated = await updateWebhookEndpoint(context.database, endpoint, { ...changes, updatedAt: now }, audit);
  if (!updated) throw endpointNotFound();
  return updated;
}

function enablesElsewhere(id: string) {
  const problem = `cannot be set to "enabled" here: POST /webhook-endpoints/${id}/enable also sends what was missed.`;
  return inputError([{ field: 'status', code: 'validation_failed', problem }]);
}
