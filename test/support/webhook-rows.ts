import { sql } from 'drizzle-orm';
import { encryptSecret, parseSecretsKey } from '../../src/core/crypto.ts';
import { deliveryIdFor } from '../../src/core/derive.ts';
import { DEFAULT_SHARD, newWebhookEndpointId, shardOf } from '../../src/core/ids.ts';
import { newWebhookSecret } from '../../src/core/webhook-signature.ts';
import type { Database } from '../../src/db/client.ts';
import { webhookEndpoints } from '../../src/db/schema.ts';
import type { WebhookEndpoint } from '../../src/db/webhook-endpoints.ts';
import { composeEvent } from '../../src/domain/webhooks/event-data.ts';
import { SIMULATED } from './simulated.ts';

/** One more endpoint of a workspace, written straight into the database. */
export async function insertEndpointRow(
  database: Database,
  workspaceId: string,
  row: Partial<WebhookEndpoint> & Pick<WebhookEndpoint, 'url'>,
): Promise<WebhookEndpoint> {
  const id = row.id ?? newWebhookEndpointId(DEFAULT_SHARD);
  const keyring = await parseSecretsKey(SIMULATED.variables.SECRETS_KEY);
  const endpoint: WebhookEndpoint = {
    id,
    workspaceId,
    events: ['*'],
    description: null,
    metadata: {},
    status: 'enabled',
    disabledReason: null,
    sealedSecret: await encryptSecret(keyring, newWebhookSecret(), [workspaceId, id]),
    sealedPreviousSecret: null,
    previousSecretValidUntil: null,
    failingSince: null,
    createdAt: Date.now(),
    updatedAt: Date.now(),
    disabledAt: null,
    secretOperationId: null,
    ...row,
  };
  await database.insert(webhookEndpoints).values(endpoint);
  return endpoint;
}

/** Deliveries that wait for their first attempt, each of an event of its own. Answers their ids. */
export async function insertWaiting(database: Database, endpoint: WebhookEndpoint, count: number): Promise<string[]> {
  const context = {
    shard: shardOf(endpoint.id) ?? DEFAULT_SHARD,
    workspace: { id: endpoint.workspaceId },
    now: Date.now,
  };
  const composed = await Promise.all(
    Array.from({ length: count }, () =>
      composeEvent(context, {
        type: 'payments.payment.succeeded',
        subject: crypto.randomUUID(),
        paymentId: null,
        data: {},
      }),
    ),
  );
  const rows = composed.map((event) => ({ ...event, deliveryId: deliveryIdFor(event.id, endpoint.id) }));
  const json = JSON.stringify(rows);
  await database.run(sql`INSERT INTO events (id, workspace_id, type, body, created_at)
    SELECT value ->> 'id', value ->> 'workspaceId', value ->> 'type', value ->> 'body', value ->> 'createdAt'
    FROM json_each(${json})`);
  await database.run(sql`INSERT INTO deliveries
    (id, workspace_id, event_id, endpoint_id, status, attempt_count, attempts_before, next_attempt_at, created_at, updated_at)
    SELECT value ->> 'deliveryId', value ->> 'workspaceId', value ->> 'id', ${endpoint.id}, 'pending', 0, 0,
    value ->> 'createdAt', value ->> 'createdAt', value ->> 'createdAt' FROM json_each(${json})`);
  return rows.map(({ deliveryId }) => deliveryId);
}
