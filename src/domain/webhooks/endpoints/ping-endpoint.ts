import { auditIfChangedStatement } from '../../../db/audit-log.ts';
import { type DeliveryView, findDelivery } from '../../../db/deliveries.ts';
import { outboxStatements } from '../../../db/events.ts';
import { auditOf, type Context } from '../../context.ts';
import { composePing } from '../compose-event.ts';
import { endpointNotFound, readEndpoint, requireEnabled } from '../queries.ts';

/**
 * Sends a `webhook.ping` to an endpoint of this workspace, whatever it is subscribed to, and answers its delivery. An
 * operation that is resumed is the same ping. Throws `not_found`, and `webhook_endpoint_disabled` for one that takes no events.
 */
export async function pingEndpoint(context: Context, id: string, operationId: string): Promise<DeliveryView> {
  const endpoint = await readEndpoint(context, id);
  requireEnabled(endpoint);
  const { database } = context;
  const { event, delivery } = await composePing(context, endpoint, operationId);
  const [, queued] = await database.batch([
    ...outboxStatements(database, event, [delivery]),
    auditIfChangedStatement(database, auditOf(context, 'webhook_endpoint.ping', id)),
  ]);
  await context.wake([delivery.id]);
  if (queued.meta.changes > 0) return { ...delivery, eventType: event.type, attempts: [] };
  const earlier = await findDelivery(database, context.workspace.id, delivery.id);
  if (!earlier) requireEnabled(await readEndpoint(context, id));
  if (!earlier) throw endpointNotFound();
  return earlier.delivery;
}
