import { newWebhookEndpointId } from '../../../src/core/ids.ts';
import { openDatabase } from '../../../src/db/client.ts';
import type { WebhookEndpoint } from '../../../src/db/webhook-endpoints.ts';
import { insertEndpointRow, insertWaiting } from '../../support/webhook-rows.ts';
import { bindingOfId } from './shards.ts';
import { sinkUrl } from './simulator.ts';
import type { TestWorkspace } from './workspace.ts';

/** One more endpoint of a workspace, at a sink of its own: written straight into the database. */
export async function addEndpointRow(
  shop: TestWorkspace,
  row: Partial<WebhookEndpoint> = {},
): Promise<WebhookEndpoint & { readonly sink: string }> {
  const id = newWebhookEndpointId(shop.shard);
  const sink = `sink-${id}`;
  const url = sinkUrl(sink);
  return { ...(await insertEndpointRow(shop.database, shop.workspace.id, { id, url, ...row })), sink };
}

/** Deliveries that wait for their first attempt, each of an event of its own. Answers their ids. */
export async function waitingFor(endpoint: WebhookEndpoint, count: number): Promise<string[]> {
  return await insertWaiting(openDatabase(bindingOfId(endpoint.id)), endpoint, count);
}

/** So many deliveries that are due at `dueAt` (unix ms), a millisecond after one another, made in one statement. */
export async function manyWaiting(endpoint: WebhookEndpoint, count: number, dueAt = Date.now()): Promise<void> {
  await bindingOfId(endpoint.id)
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?1)
     INSERT INTO deliveries (id, workspace_id, event_id, endpoint_id, status, attempt_count, attempts_before,
       next_attempt_at, created_at, updated_at)
     SELECT 'dlv_' || substr(?3, 4, 1) || lower(hex(randomblob(24))), ?2, 'evt_' || substr(?3, 4, 1) || n, ?3, 'pending', 0, 0, ?4 + n, ?4, ?4 FROM numbers`,
    )
    .bind(count, endpoint.workspaceId, endpoint.id, dueAt)
    .run();
}
