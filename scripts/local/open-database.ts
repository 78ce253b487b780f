import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPlatformProxy } from 'wrangler';
import * as z from 'zod';
import {
  type BoundShard,
  bindingOf,
  boundShards,
  type DatabaseBindings,
  shardOfBinding,
} from '../../src/core/shards.ts';
import { type Database, impatientBinding, openDatabase } from '../../src/db/client.ts';
import { ScriptError } from './script-error.ts';
import { isPlaceholderId, ROOT } from './settings.ts';
import { readWranglerConfig } from './wrangler-config.ts';

/** A database that is open. `binding`: the name under which wrangler.toml binds it, such as `DB_1` for the shard `1`. */
export interface OpenedShard {
  readonly shard: string;
  readonly binding: string;
  readonly database: Database;
}

export interface OpenedDatabases {
  /** All databases that are bound, the first shard first. */
  readonly shards: readonly [OpenedShard, ...OpenedShard[]];
  close(): Promise<void>;
}

/** How long (ms) a database may take for an answer. */
const ANSWER_MS = 10_000;

/** The databases of these bindings. A query that is not answered within `answerMs` fails. */
export function openShards(bindings: DatabaseBindings, answerMs: number): OpenedDatabases['shards'] {
  const open = ({ shard, binding }: BoundShard): OpenedShard => ({
    shard,
    binding: bindingOf(shard),
    database: openDatabase(impatientBinding(binding, answerMs)),
  });
  const [first, ...further] = boundShards(bindings);
  return [open(first), ...further.map(open)];
}

/** The wrangler.toml of this project. */
export const WRANGLER_TOML = join(ROOT, 'wrangler.toml');

const boundDatabase = z.looseObject({ binding: z.string(), database_name: z.string(), database_id: z.string() });
type BoundDatabase = z.output<typeof boundDatabase>;

const workerConfig = z.object({
  name: z.string(),
  account_id: z.string().optional(),
  compatibility_date: z.string(),
  d1_databases: z.array(boundDatabase),
});

/** The databases that an environment in wrangler.toml binds, the first shard first. null: the top level of the file. */
export function boundDatabases(environment: string | null, configFile = WRANGLER_TOML): BoundDatabase[] {
  const { d1_databases: all } = workerConfig.parse(readWranglerConfig(configFile, environment));
  const bound = all
    .filter(({ binding }) => shardOfBinding(binding) !== null)
    .sort((left, right) => (left.binding < right.binding ? -1 : 1));
  if (bound[0]?.binding === 'DB') return bound;
  const section = environment === null ? 'd1_databases' : `env.${environment}.d1_databases`;
  throw new ScriptError(`wrangler.toml has no [[${section}]] with binding = "DB": add it.`);
}

/** A configuration with only the databases: the Worker's objects and queues belong to the Worker's own process. */
function databaseConfig(remote: boolean, environment: string | null, configFile: string): string {
  const worker = workerConfig.parse(readWranglerConfig(configFile, environment));
  const databases = boundDatabases(environment, configFile);
  const missing = databases.filter(({ database_id: id }) => remote && isPlaceholderId(id));
  if (missing.length > 0) {
    const faults = missing.map(
      ({ binding, database_name: name }) =>
        `The database_id of ${binding} in wrangler.toml is a placeholder. Run \`npx wrangler d1 create ${name}\` and put the id there.`,
    );
    throw new ScriptError(faults.join('\n'));
  }
  return JSON.stringify({
    name: `${worker.name}-operator`,
    compatibility_date: worker.compatibility_date,
    ...(worker.account_id ? { account_id: worker.account_id } : {}),
    d1_databases: databases.map((database) => ({ ...database, remote })),
  });
}

async function openWith(config: string, remote: boolean, persist: false | { path: string }): Promise<OpenedDatabases> {
  const directory = mkdtempSync(join(tmpdir(), 'softsolz-database-'));
  const configPath = join(directory, 'wrangler.json');
  writeFileSync(configPath, config);
  try {
    const options = { configPath, persist, envFiles: [], remoteBindings: remote };
    const proxy = await getPlatformProxy<DatabaseBindings>(options);
    return { shards: openShards(proxy.env, ANSWER_MS), close: () => proxy.dispose() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Opens the local databases of a state directory. They are the files of `wrangler dev --persist-to`, which may be
 * running. A database that is not there yet is made, without tables.
 */
export function openLocalDatabases(stateDir: string, configFile = WRANGLER_TOML): Promise<OpenedDatabases> {
  return openWith(databaseConfig(false, null, configFile), false, { path: join(stateDir, 'v3') });
}

/**
 * Opens the deployed databases of an environment in wrangler.toml, or with null those of production. Needs `wrangler
 * login` or CLOUDFLARE_API_TOKEN. Throws ScriptError if the file has no such environment, or a database without an id.
 */
export async function openRemoteDatabases(
  environment: string | null,
  configFile = WRANGLER_TOML,
): Promise<OpenedDatabases> {
  return await openWith(databaseConfig(true, environment, configFile), true, false);
}

/**
 * The variables under `[vars]` of an environment in wrangler.toml, or with null of production, that are text. Throws
 * ScriptError if the file has no such environment.
 */
export function deployedVariables(environment: string | null): Record<string, string> {
  const { vars } = readWranglerConfig(WRANGLER_TOML, environment);
  const texts = Object.entries(vars).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  return Object.fromEntries(texts);
}
