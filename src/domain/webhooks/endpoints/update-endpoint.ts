import { inputError } from '../../../core/errors.ts';
import { updateWebhookEndpoint, type WebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { changedOf, definedOf } from '../../changes.ts';
import { auditOf, type Context } from '../../context.ts';
import { endpointNotFound, readEndpoint } from '../queries.ts';
import { DISABLED_REASONS } from '../stored-texts.ts';

/** A change of a webhook endpoint, checked by the route. A member that is undefined stays as it is. */
export interface EndpointChange {
  readonly url: string | undefined;
  readonly events: string[] | undefined;
  readonly description: string | null | undefined;
  readonly metadata: Record<string, string> | undefined;
  readonly status: WebhookEndpoint['status'] | undefined;
}

/**
 * Changes a webhook endpoint of this workspace, or disables it. Writes nothing if nothing differs. Throws `not_found`,
 * and `validation_failed` to enable a disabled endpoint: `enableEndpoint` does that, and sends missed events.
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
    ...(disables ? { status, disabledReason: DISABLED_REASONS.byOwner, disabledAt: now } : {}),
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
