import { deleteWebhookEndpoint } from '../../../db/webhook-endpoints.ts';
import { auditOf, type Context } from '../../context.ts';
import { endpointNotFound } from '../queries.ts';

/** Deletes a webhook endpoint of this workspace; each pending delivery to it fails once it is due. Throws `not_found`. */
export async function deleteEndpoint(context: Context, id: string): Promise<void> {
  const endpoint = { id, workspaceId: context.workspace.id };
  const audit = auditOf(context, 'webhook_endpoint.delete', id);
  if (!(await deleteWebhookEndpoint(context.database, endpoint, audit))) throw endpointNotFound();
}
