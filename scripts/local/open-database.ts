import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPlatformProxy, unstable_readConfig as readConfig } from 'wrangler';
import * as z from 'zod';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { ScriptError } from './script-error.ts';
import { ROOT } from './settings.ts';

export interface OpenedDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** The id in wrangler.toml until somebody deploys. */
const PLACEHOLDER_ID = /^[0-]+$/;

const workerConfig = z.object({
  name: z.string(),
  account_id: z.string().optional(),
  compatibility_date: z.string(),
  d1_databases: z.array(z.looseObject({ binding: z.string(), database_id: z.string() })),
  vars: z.record(z.string(), z.unknown()),
  definedEnvironments: z.array(z.string()).optional(),
});

/** wrangler.toml, or one of its environments. Throws ScriptError for an environment that wrangler.toml does not have. */
function readWorkerConfig(environment?: string): z.output<typeof workerConfig> {
  const config = join(ROOT, 'wrangler.toml');
  const { definedEnvironments = [] } = workerConfig.parse(readConfig({ config }));
  if (environment !== undefined && !definedEnvironments.includes(environment)) {
    const known = definedEnvironments.length === 0 ? 'It has none.' : `It has ${definedEnvironments.join(', ')}.`;
    throw new ScriptError(`wrangler.toml has no environment ${environment}. ${known}`, { code: 'usage' });
  }
  return workerConfig.parse(readConfig({ config, env: environment }));
}

/** The variables under `[vars]` in wrangler.toml, or in one of its environments, that are text. */
export function deployedVariables(environment?: string): Record<string, string> {
  const { vars } = readWorkerConfig(environment);
  return Object.fromEntries(
    Object.entries(vars).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** A configuration with only the database: the Worker's objects and queues belong to the Worker's own process. */
function databaseConfig(remote: boolean, environment?: string): string {
  const worker = readWorkerConfig(environment);
  const binding = worker.d1_databases.find((candidate) => candidate.binding === 'DB');
  if (!binding) throw new ScriptError('wrangler.toml has no [[d1_databases]] with binding = "DB": add it.');
  if (remote && PLACEHOLDER_ID.test(binding.database_id)) {
    throw new ScriptError(
      'The database_id in wrangler.toml is a placeholder. Create the database with `npx wrangler d1 create` and put its id there.',
    );
  }
  return JSON.stringify({
    name: `${worker.name}-operator`,
    compatibility_date: worker.compatibility_date,
    ...(worker.account_id ? { account_id: worker.account_id } : {}),
    d1_databases: [{ ...binding, remote }],
  });
}

async function openWith(config: string, remote: boolean, persist: false | { path: string }): Promise<OpenedDatabase> {
  const directory = mkdtempSync(join(tmpdir(), 'softsolz-database-'));
  const configPath = join(directory, 'wrangler.json');
  writeFileSync(configPath, config);
  try {
    const options = { configPath, persist, envFiles: [], remoteBindings: remote };
    const proxy = await getPlatformProxy<{ DB: D1Database }>(options);
    return { database: openDatabase(proxy.env.DB), close: () => proxy.dispose() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Opens the local database of a state directory. It is the file of `wrangler dev --persist-to`, which may be running. */
export function openLocalDatabase(stateDir: string): Promise<OpenedDatabase> {
  return openWith(databaseConfig(false), false, { path: join(stateDir, 'v3') });
}

/** Opens the deployed database, of an environment of wrangler.toml if one is named. Needs `wrangler login` or CLOUDFLARE_API_TOKEN. */
export async function openRemoteDatabase(environment?: string): Promise<OpenedDatabase> {
  return await openWith(databaseConfig(true, environment), true, false);
}
