import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import * as z from 'zod';
import { ROOT } from '../../scripts/local/settings.ts';
import { openDatabase } from '../../src/db/client.ts';
import { hostInput, sayReady } from './hosts.ts';
import { readRows } from './rows.ts';

// The Worker in the local runtime, with the bindings of wrangler.toml, on the state that an earlier process has left.

const inputSchema = z.object({
  /** The bundled Worker. */
  script: z.string(),
  /** Where D1, Durable Objects and queues keep their state. */
  persistTo: z.string(),
  port: z.int(),
  variables: z.record(z.string(), z.string()),
  /** How often (ms) the Worker's cron runs, because the local runtime never runs it. */
  cronEveryMs: z.int(),
});

const input = inputSchema.parse(await hostInput());
const { workerOptions } = workerOptionsOf(join(ROOT, 'wrangler.toml'));
const runtime = new Miniflare(
  convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: input.port,
    resourcePersistencePath: input.persistTo,
    workers: [
      {
        ...workerOptions,
        name: 'softsolz-payments',
        modules: [{ type: 'ESModule', path: 'index.js', contents: readFileSync(input.script, 'utf8') }],
        bindings: input.variables,
      },
    ],
  }),
);
process.once('SIGTERM', () => void runtime.dispose().then(() => process.exit(0)));
await runtime.ready;
const worker = await runtime.getWorker();
let running = false;
setInterval(() => {
  if (running) return;
  running = true;
  // A run that fails is in the Worker's log, and the next run does its work.
  worker
    .scheduled({ cron: '* * * * *' })
    .catch(() => undefined)
    .finally(() => {
      running = false;
    });
}, input.cronEveryMs);
const database = openDatabase(await runtime.getD1Database('DB'));
sayReady(() => readRows(database));
