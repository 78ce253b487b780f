import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { app } from '../../../src/app.ts';
import { CRON_JOBS } from '../../../src/cron/jobs.ts';
import { openDatabase } from '../../../src/db/client.ts';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import worker from '../../../src/index.ts';
import { contextOfJob, losingQueue } from '../support/direct.ts';
import { meteredDatabases } from '../support/metered-d1.ts';
import { bindingOf } from '../support/shards.ts';
import { BASE, contextOf } from '../support/workspace.ts';
import { DUE_WORK, tidy } from './due-work.ts';
import { addHistory, newShop, type Shop } from './history.ts';
import { listRoutes, queriesOf } from './list-queries.ts';
import { SAMPLES } from './route-samples.ts';

/** Rows of history, a quarter of them the shop's. */
const SMALL = 2_000;
const LARGE = Math.max(10 * SMALL, Number(env.TEST_GROWTH_ROWS));

/** What the first measurement has made may cost the second one so many rows. */
const OF_FIRST_TIME = 10;

/** How many rows each request and job reads, by its name. */
type Reads = Map<string, number>;

async function listReads(shop: Shop, reads: Reads): Promise<void> {
  for (const route of listRoutes()) {
    for (const query of queriesOf(route, shop)) {
      const path = `${route.path.replace('{id}', shop.endpointId)}?${query}`;
      const metered = meteredDatabases();
      const request = new Request(`${BASE}${path}`, { headers: { Authorization: `Bearer ${shop.key}` } });
      // Not held to the OpenAPI document, which would take most of the time.
      const response = await worker.fetch(request, { ...env, ...metered.bindings }, createExecutionContext());
      expect([path, response.status]).toEqual([path, 200]);
      reads.set(path, metered.rowsRead());
    }
  }
}

async function routeReads(shop: Shop, reads: Reads): Promise<void> {
  for (const [route, sample] of Object.entries(SAMPLES)) {
    const send = await sample(shop);
    const metered = meteredDatabases();
    const response = await send({ ...metered.bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() });
    expect([route, response.status]).toEqual([route, expect.toSatisfy((status) => status < 400)]);
    reads.set(route, metered.rowsRead());
  }
}

async function jobReads(shop: Shop, reads: Reads): Promise<void> {
  for (const { name, run } of CRON_JOBS) {
    await DUE_WORK[name](shop);
    const metered = meteredDatabases();
    const changes = { ...metered.bindings, DELIVERIES: losingQueue(), RETRIES: losingQueue() };
    await run(contextOfJob(name, changes, shop.shard));
    reads.set(`cron ${name}`, metered.rowsRead());
  }
}

async function eraseReads(shop: Shop, reads: Reads, buyer: string): Promise<void> {
  const metered = meteredDatabases();
  const context = await contextOf(shop.workspace);
  const { payments } = await eraseBuyer(
    { ...context, database: openDatabase(bindingOf(shop.shard, metered.bindings)) },
    buyer,
  );
  expect(payments).toBeGreaterThan(10);
  reads.set('erasing a buyer', metered.rowsRead());
}

/** `buyer`: one who has as many payments as each other buyer, and is erased. */
async function readsOf(shop: Shop, buyer: string): Promise<Reads> {
  const reads: Reads = new Map();
  await listReads(shop, reads);
  await routeReads(shop, reads);
  await jobReads(shop, reads);
  await eraseReads(shop, reads, buyer);
  await tidy(shop);
  return reads;
}

describe('rows read', () => {
  it('are measured for every route that the Worker serves', () => {
    const served = app.routes
      .filter(({ path }) => !path.endsWith('*'))
      .map(({ method, path }) => `${method} ${path.replace('/api/v1/services/payments', '')}`);
    const lists = listRoutes().map(({ path }) => `GET ${path.replace('{id}', ':id')}`);
    const measured = Object.keys(SAMPLES).map((name) => name.split(' ').slice(0, 2).join(' '));
    expect(new Set([...lists, ...measured])).toEqual(new Set(served));
  });

  it('by requests, jobs of the cron and erasures do not grow with the history', async () => {
    const shop = await newShop(LARGE);
    await addHistory(shop, 1, SMALL);
    const small = await readsOf(shop, 'buyer0@example.com');
    await addHistory(shop, SMALL + 1, LARGE);
    const large = await readsOf(shop, 'buyer1@example.com');
    const shown = (name: string) => `${name}: ${small.get(name)} -> ${large.get(name)}`;
    if (env.TEST_GROWTH_ROWS !== '') console.log([...large.keys()].map(shown).join('\n'));
    const grown = [...large].filter(([name, rows]) => rows > 1.1 * (small.get(name) ?? 0) + OF_FIRST_TIME);
    expect(grown.map(([name]) => shown(name))).toEqual([]);
  });
});
