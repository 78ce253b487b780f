import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CRON_JOBS } from '../../../src/cron/jobs.ts';
import { rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { contextOfJob, losingQueue } from '../support/direct.ts';
import { askDrift } from '../support/drift.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { seedPayments, seedRefunds } from '../support/payment-rows.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const DAY = 24 * 60 * 60_000;

beforeEach(() => {
  freezeTime();
});

afterEach(() => {
  vi.useRealTimers();
});

/** So many sessions that expired, and so many payments, each with a refund and an event that was delivered, in the last days. */
async function addHistory(shop: TestWorkspace, endpointId: string, count: number): Promise<void> {
  const at = Date.now() - 2 * DAY;
  await seedPayments(shop, count, { status: 'expired', createdAt: at });
  await seedRefunds(shop, await seedPayments(shop, count, { status: 'succeeded', createdAt: at }));
  const name = crypto.randomUUID().replaceAll('-', '');
  const numbers = 'WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)';
  await shop.binding.batch([
    shop.binding
      .prepare(
        `${numbers} INSERT INTO events (id, workspace_id, type, body, created_at)
       SELECT 'evt_${shop.shard}' || ?2 || n, ?3, 'payments.payment.succeeded', '{}', ?4 + n FROM numbers`,
      )
      .bind(count, name, shop.workspace.id, at),
    shop.binding
      .prepare(
        `${numbers} INSERT INTO deliveries (id, workspace_id, event_id, endpoint_id, status, attempt_count, attempts_before,
         created_at, updated_at)
       SELECT 'dlv_${shop.shard}' || ?2 || n || 'x', ?3, 'evt_${shop.shard}' || ?2 || n, ?5, 'succeeded', 1, 0, ?4 + n, ?4 + n FROM numbers`,
      )
      .bind(count, name, shop.workspace.id, at, endpointId),
    shop.binding
      .prepare(
        `${numbers} INSERT INTO audit_log (workspace_id, at, actor, action, object)
       SELECT ?2, ?3 + n, 'cron', 'payment.succeeded', n FROM numbers`,
      )
      .bind(count, shop.workspace.id, at),
  ]);
}

/** How many rows each job of the cron reads in one run, in which three sessions are to be deleted, and the check of drift. */
async function rowsReadByCron(shop: TestWorkspace): Promise<Record<string, number>> {
  await seedPayments(shop, 3, { status: 'expired', createdAt: Date.now() - 91 * DAY });
  const reads: Record<string, number> = {};
  for (const { name, run } of CRON_JOBS) {
    const counted = countingD1(env);
    const changes = { ...counted.bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() };
    await run(contextOfJob(name, changes, shop.shard));
    reads[name] = counted.counts.rowsRead;
  }
  const counted = countingD1(env);
  await askDrift(counted.bindings);
  return { ...reads, drift: counted.counts.rowsRead };
}

it('no job of the cron, and no check of drift, reads more rows because more has happened', async () => {
  const shop = await newWorkspace();
  const { id } = await addEndpointRow(shop);
  await addHistory(shop, id, 1_000);
  passTime(6 * 60_000);
  await rowsReadByCron(shop);
  passTime(6 * 60_000);
  const few = await rowsReadByCron(shop);
  await addHistory(shop, id, 9_000);
  passTime(6 * 60_000);
  const many = await rowsReadByCron(shop);
  for (const [job, rows] of Object.entries(many)) {
    expect(rows, job).toBeLessThanOrEqual((few[job] ?? Number.NaN) * 1.1);
    // A run that deletes looks at the 500 oldest rows of each table.
    expect(rows, job).toBeLessThan(job === 'prune' ? 6_000 : 200);
  }
  expect(many['poll-stripe-events']).toBeGreaterThan(0);
  expect((await rowsOf('payments', shop.workspace.id)).length).toBe(2 * 10_000);
});
