import { newWebhookEndpointId } from '../../../src/core/ids.ts';
import { openDatabase } from '../../../src/db/client.ts';
import type { WebhookEndpoint } from '../../../src/db/webhook-endpoints.ts';
import { SIMULATED } from '../../support/simulated.ts';
import { insertEndpointRow, insertWaiting } from '../../support/webhook-rows.ts';
import { bindingOfId } from './shards.ts';
import type { TestWorkspace } from './workspace.ts';

/** One more endpoint of a workspace, at a sink of its own: written straight into the database. */
export async function addEndpointRow(
  shop: TestWorkspace,
  row: Partial<WebhookEndpoint> = {},
): Promise<WebhookEndpoint & { readonly sink: string }> {
  const id = newWebhookEndpointId(shop.shard);
  const sink = `sink-${id}`;
  const url = `${SIMULATED.stripeUrl}/sink/${sink}`;
  return { ...(await insertEndpointRow(shop.database, shop.workspace.id, { id, url, ...row })), sink };
}

/** Deliveries that wait for their first attempt, each of an event of its own. Answers their ids. */
export async function waitingFor(endpoint: WebhookEndpoint, count: number): Promise<string[]> {
  return await insertWaiting(openDatabase(bindingOfId(endpoint.id)), endpoint, count);
}
