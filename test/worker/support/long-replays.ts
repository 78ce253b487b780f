import { DAY } from './replays.ts';
import { newWorkspace, type TestWorkspace } from './workspace.ts';

/** A replay takes 5,000 events at a time. */
export const PART = 5_000;

/** A workspace with very many events, three in each millisecond. */
export async function busyShop(count: number, shard?: string): Promise<TestWorkspace> {
  const shop = await newWorkspace({ webhook: false, ...(shard === undefined ? {} : { shard }) });
  await shop.binding
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < ?)
     INSERT INTO events (id, workspace_id, type, payment_id, body, created_at)
     SELECT 'evt_${shop.shard}' || lower(hex(randomblob(16))), ?, 'payments.payment.succeeded', NULL, '{}', ? + n / 3 FROM numbers`,
    )
    .bind(count, shop.workspace.id, Date.now() - DAY / 2)
    .run();
  return shop;
}

/** What waits to be sent to an endpoint, the first due first, with when and about which event. */
export async function queuedInOrder(shop: TestWorkspace, endpointId: string) {
  const { results } = await shop.binding
    .prepare(
      `SELECT d.next_attempt_at AS due, e.created_at AS at, e.id FROM deliveries d JOIN events e ON e.id = d.event_id
     WHERE d.workspace_id = ? AND d.endpoint_id = ? AND d.status = 'pending' ORDER BY due`,
    )
    .bind(shop.workspace.id, endpointId)
    .all();
  return results;
}
