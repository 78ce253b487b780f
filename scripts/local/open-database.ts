import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import * as z from 'zod';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { ScriptError } from './script-error.ts';
import { ROOT } from './settings.ts';
import { readWranglerConfig } from './wrangler-config.ts';

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
  d1_databases: z.array(z.looseObject({ binding: z.string(), database_name: z.string(), database_id: z.string() })),
});

/**
 * A configuration with only the database: the Worker's objects and queues belong to the Worker's own process.
 * `environment`: the name of an environment in wrangler.toml, or null for the top level of the file.
 */
function databaseConfig(remote: boolean, environment: string | null): string {
  const worker = workerConfig.parse(readWranglerConfig(join(ROOT, 'wrangler.toml'), environment));
  const binding = worker.d1_databases.find((candidate) => candidate.binding === 'DB');
  if (!binding) {
    const section = environment === null ? 'd1_databases' : `env.${environment}.d1_databases`;
    throw new ScriptError(`wrangler.toml has no [[${section}]] with binding = "DB": add it.`);
  }
  if (remote && PLACEHOLDER_ID.test(binding.database_id)) {
    throw new ScriptError(
      `The database_id in wrangler.toml is a placeholder. Run \`npx wrangler d1 create ${binding.database_name}\` and put the id there.`,
    );
  }
  return JSON.stringify({
    name: `${worker.name}-operator`,
    compatibility_date: worker.compatibility_date,
    ...(worker.account_id ? { account_id: worker.account_id } : {}),
    d1_databases: [{ ...binding, remote }],
  });
}

async function openWith(
  remote: boolean,
  environment: string | null,
  persist: false | { path: string },
): Promise<OpenedDatabase> {
  const config = databaseConfig(remote, environment);
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
  return openWith(false, null, { path: join(stateDir, 'v3') });
}

/**
 * Opens the deployed database of an environment in wrangler.toml, or with null that of production. Needs `wrangler
 * login` or CLOUDFLARE_API_TOKEN. Throws ScriptError if the file has no such environment or database.
 */
export function openRemoteDatabase(environment: string | null): Promise<OpenedDatabase> {
  return openWith(true, environment, false);
}
