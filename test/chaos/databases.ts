import { writeFileSync } from 'node:fs';
import { type OpenedDatabases, WRANGLER_TOML } from '../../scripts/local/open-database.ts';
import { openLocal } from '../../scripts/local/open-files.ts';
import { readWranglerConfig } from '../../scripts/local/wrangler-config.ts';

/** Two, so that a run also shows what a kill leaves between two databases. */
const BINDINGS = ['DB', 'DB_1'];

/** Writes the configuration of the databases of a run, which are in its state directory. */
export function writeDatabaseConfig(configFile: string): void {
  const { name, compatibility_date } = readWranglerConfig(WRANGLER_TOML, null);
  const databases = BINDINGS.map((binding) => ({ binding, database_name: binding, database_id: `chaos-${binding}` }));
  writeFileSync(configFile, JSON.stringify({ name, compatibility_date, d1_databases: databases }));
}

/** Runs something with the databases of a run open. The Worker must not run at that time. */
export async function withDatabases<T>(
  { stateDir, configFile }: { readonly stateDir: string; readonly configFile: string },
  use: (opened: OpenedDatabases) => Promise<T>,
): Promise<T> {
  const opened = await openLocal(stateDir, configFile);
  return await use(opened).finally(opened.close);
}
