import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import * as z from 'zod';
import { applyMigrations } from '../../scripts/local/apply-migrations.ts';
import { databaseContext } from '../../scripts/local/database-context.ts';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { createNewPair } from '../../src/domain/workspaces/create-pair.ts';
import { SIMULATED } from '../support/simulated.ts';
import { ask } from './ask.ts';
import type { Bundles } from './bundles.ts';

const DELIVERIES = 'softsolz-deliveries';
const RETRIES = 'softsolz-retries';
const CONSUMER = { maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: 10 };

const arrived = z.object({
  arrivals: z.array(z.object({ name: z.string(), id: z.string(), at: z.number() })),
  answeredBytes: z.number(),
});
const counts = z.object({ roundTrips: z.int(), batches: z.int() });

export type Arrivals = z.output<typeof arrived>;

/** The real local runtime with real queues, and receivers on real sockets. `close` stops everything. */
export interface DeliveryWorld {
  readonly database: Database;
  readonly workspaceId: string;
  /** The address of a receiver. */
  urlOf(name: string): string;
  /** Wakes deliveries as the product does. */
  send(deliveryIds: readonly string[]): Promise<void>;
  /** A bare Worker that posts to each URL in turn, six at a time. */
  loop(urls: readonly string[], count: number): Promise<void>;
  /** What has arrived since the last call. */
  arrivals(): Promise<Arrivals>;
  counts(): Promise<z.output<typeof counts>>;
  close(): Promise<void>;
}

/** Starts the runtime and the receivers, with one workspace and no endpoint. */
export async function startDeliveryWorld(bundles: Bundles): Promise<DeliveryWorld> {
  const thread = new Worker(join(import.meta.dirname, 'receivers.ts'));
  const port = await new Promise<number>((resolve, reject) => thread.once('message', resolve).once('error', reject));
  const runtime = startRuntime(bundles);
  const close = async () => {
    await runtime.dispose();
    await thread.terminate();
  };
  try {
    const origin = async (name: string) => (await runtime.unsafeGetDirectURL(name)).origin;
    const [product, bare] = [await origin('product'), await origin('bare')];
    const database = openDatabase(await runtime.getD1Database('DB', 'product'));
    await applyMigrations(database);
    const { sandbox } = await createNewPair(databaseContext(database, { kind: 'operator' }), 'Bench');
    const urlOf = (name: string) => `http://127.0.0.1:${port}/${name}`;
    const post = (url: string, body: unknown) => ask(url, { method: 'POST', body: JSON.stringify(body) }, 200);
    return {
      database,
      workspaceId: sandbox.id,
      urlOf,
      send: async (ids) => void (await post(`${product}/bench/send`, ids)),
      loop: async (urls, count) => void (await post(`${bare}/loop`, { urls, count })),
      arrivals: async () => arrived.parse(JSON.parse(await ask(urlOf('_arrivals'), {}, 200))),
      counts: async () => counts.parse(JSON.parse(await ask(`${product}/bench/counts`, {}, 200))),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function startRuntime(bundles: Bundles): Miniflare {
  const workerOf = (name: string, code: string) => ({
    name,
    modules: [{ type: 'ESModule' as const, path: `${name}.js`, contents: code }],
    ...bundles.compatibility,
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  });
  return new Miniflare(
    convertV4MiniflareOptions({
      handleStructuredLogs: ({ level, message }) => {
        if (level === 'error') console.error(message);
      },
      workers: [
        {
          ...workerOf('product', bundles.counted.code),
          bindings: SIMULATED.variables,
          d1Databases: { DB: 'shop' },
          durableObjects: {
            WORKSPACE_GATE: { className: 'WorkspaceGate', useSQLite: true },
            LINK_GATE: { className: 'LinkGate', useSQLite: true },
          },
          queueProducers: { DELIVERIES, RETRIES },
          queueConsumers: { [DELIVERIES]: CONSUMER, [RETRIES]: CONSUMER },
        },
        workerOf('bare', bundles.bare.code),
      ],
    }),
  );
}

/** Megabytes of memory of this process's child `workerd`; NaN if the system does not show it. */
export function runtimeMegabytes(): number {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
    const statuses = children.map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
    const kilobytes = statuses
      .filter((status) => /^Name:\s+workerd/m.test(status))
      .map((status) => Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]));
    return kilobytes.length === 0 ? Number.NaN : Math.max(...kilobytes) / 1024;
  } catch {
    return Number.NaN;
  }
}
