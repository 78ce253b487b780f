import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getPlatformProxy, unstable_readConfig as readConfig } from 'wrangler';
import { type Database, openDatabase } from '../../src/db/client.ts';
import { ScriptError } from './script-error.ts';
import { ROOT } from './settings.ts';

export interface OpenedDatabase {
  readonly database: Database;
  close(): Promise<void>;
}

/** The D1 binding of wrangler.toml, and what else reaching the real database takes. */
function bindingOf(config: ReturnType<typeof readConfig>) {
  const binding = config.d1_databases.find((database) => database.binding === 'DB');
  if (!binding) throw new ScriptError('wrangler.toml has no [[d1_databases]] with binding = "DB".');
  return binding;
}

/** Only the database: the Worker's objects and queues belong to the Worker's own process. */
async function openWith(
  remote: boolean,
  persist: false | { readonly path: string },
): Promise<OpenedDatabase> {
  const config = readConfig({ config: join(ROOT, 'wrangler.toml') });
  const directory = mkdtempSync(join(tmpdir(), 'softsolz-database-'));
  const configPath = join(directory, 'wrangler.json');
  const { account_id: accountId, compatibility_date: compatibilityDate } = config;
  writeFileSync(
    configPath,
    JSON.stringify({
      name: `${config.name}-operator`,
      compatibility_date: compatibilityDate,
      ...(accountId ? { account_id: accountId } : {}),
      d1_databases: [{ ...bindingOf(config), remote }],
    }),
  );
  try {
    const proxy = await getPlatformProxy<{ DB: D1Database }>({
      configPath,
      persist: persist === false ? false : { ...persist },
      envFiles: [],
      remoteBindings: remote,
    });
    return { database: openDatabase(proxy.env.DB), close: () => proxy.dispose() };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The local database of a state directory: the same file that `wrangler dev --persist-to` opens, also while it runs. */
export function openLocalDatabase(stateDir: string): Promise<OpenedDatabase> {
  return openWith(false, { path: join(stateDir, 'v3') });
}

/** The deployed database. Needs `wrangler login` or CLOUDFLARE_API_TOKEN. */
export function openRemoteDatabase(): Promise<OpenedDatabase> {
  return openWith(true, false);
}
