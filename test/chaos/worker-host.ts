import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from 'wrangler';
import * as z from 'zod';
import { boundDatabases, WRANGLER_TOML } from '../../scripts/local/open-database.ts';
import { readWranglerConfig } from '../../scripts/local/wrangler-config.ts';
import { OWNED_TABLES } from '../support/owned-tables.ts';
import { hostInput, sayReady } from './hosts.ts';

// The Worker in the local runtime, with the databases of the run and the other bindings of wrangler.toml, on the state that an earlier process has left.
// Nothing here uses Miniflare's proxies of bindings: they block this process, on which a busy runtime waits in turn.

const inputSchema = z.object({
  /** The bundled Worker. */
  script: z.string(),
  /** The configuration with the databases. */
  configFile: z.string(),
  /** Where D1, Durable Objects and queues keep their state. */
  persistTo: z.string(),
  port: z.int(),
  keeperPort: z.int(),
  variables: z.record(z.string(), z.string()),
  /** True: some answers are not stored, as if the Worker had ended before. See workers/forgetful.js. */
  forgets: z.boolean(),
  /** How often (ms) the Worker's cron runs, because the local runtime never runs it. */
  cronEveryMs: z.int(),
});

const WORKER = 'softsolz-payments';
const input = inputSchema.parse(await hostInput());
const databases = boundDatabases(null, input.configFile);
const config = readWranglerConfig(WRANGLER_TOML, null);
const { compatibility_date: compatibilityDate } = z.object({ compatibility_date: z.string() }).parse(config);
const { workerOptions } = workerOptionsOf({ ...config, d1_databases: databases });
const moduleOf = (file: string, path = 'index.js') => ({
  type: 'ESModule' as const,
  path,
  contents: readFileSync(file, 'utf8'),
});
const ownModule = (name: string) => moduleOf(join(import.meta.dirname, 'workers', name));
const runtime = new Miniflare(
  convertV4MiniflareOptions({
    host: '127.0.0.1',
    port: input.port,
    resourcePersistencePath: input.persistTo,
    workers: [
      {
        ...workerOptions,
        name: WORKER,
        modules: input.forgets
          ? [ownModule('forgetful.js'), moduleOf(input.script, 'worker.js')]
          : [moduleOf(input.script)],
        bindings: input.variables,
      },
      {
        name: 'keeper',
        modules: [ownModule('keeper.js')],
        compatibilityDate,
        compatibilityFlags: ['service_binding_extra_handlers'],
        d1Databases: Object.fromEntries(databases.map(({ binding, database_id: id }) => [binding, id])),
        bindings: { DATABASES: databases.map(({ binding }) => binding), OWNED_TABLES },
        serviceBindings: { WORKER },
        unsafeDirectSockets: [{ host: '127.0.0.1', port: input.keeperPort }],
      },
    ],
  }),
);
process.once('SIGTERM', () => void runtime.dispose().then(() => process.exit(0)));
await runtime.ready;

let running = false;
setInterval(() => {
  if (running) return;
  running = true;
  // A run that fails is in the Worker's log, and the next run does its work.
  fetch(`http://127.0.0.1:${input.keeperPort}/cron`, { method: 'POST' })
    .catch(() => undefined)
    .finally(() => {
      running = false;
    });
}, input.cronEveryMs);
sayReady();
