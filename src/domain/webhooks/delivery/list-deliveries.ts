import { type TimePage, type TimePageRequest, timePageOf } from '../../../core/time-paging.ts';
import { type DeliveryFilter, type DeliveryView, listDeliveries } from '../../../db/deliveries.ts';
import type { Context } from '../../context.ts';
import { endpointNotFound } from '../endpoints/read-endpoint.ts';

/** An endpoint's deliveries with their attempts, newest first. Throws `not_found` for another workspace's endpoint too. */
export async function listEndpointDeliveries(
  context: Context,
  endpointId: string,
  filter: DeliveryFilter,
  request: TimePageRequest,
): Promise<TimePage<DeliveryView>> {
  const oneMore = { ...request, limit: request.limit + 1 };
  const listed = await listDeliveries(context.database, context.workspace.id, endpointId, filter, oneMore);
  if (!listed) throw endpointNotFound();
  return timePageOf(listed, request.limit);
}
