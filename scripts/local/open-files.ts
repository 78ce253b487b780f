import { DEFAULT_SHARD } from '../../src/core/ids.ts';
import { bindingOf, shardOfBinding } from '../../src/core/shards.ts';
import { openDatabase } from '../../src/db/client.ts';
import type { OpenedDatabases } from './open-database.ts';
import { d1FileOf, d1FilesIn, openSqliteFile } from './sqlite-d1.ts';

interface ShardFile {
  readonly shard: string;
  readonly file: string;
}

/**
 * Opens the local databases of a state directory by their files, which takes no time. Where that is not possible, the
 * local runtime opens them. `configFile`: a wrangler.toml; without it, that of the project.
 */
export async function openLocal(stateDir: string, configFile?: string): Promise<OpenedDatabases> {
  const opened = openFiles(await shardFiles(d1FilesIn(stateDir), configFile));
  if (opened) return opened;
  const { openLocalDatabases } = await import('./open-database.ts');
  return await openLocalDatabases(stateDir, configFile);
}

/** The file of each database. Only among several files wrangler.toml says which is which: reading it takes a second. */
async function shardFiles(files: readonly string[], configFile?: string): Promise<ShardFile[]> {
  const [only, ...more] = files;
  if (only === undefined) return [];
  if (more.length === 0) return [{ shard: DEFAULT_SHARD, file: only }];
  const { boundDatabases } = await import('./open-database.ts');
  const found = boundDatabases(null, configFile).map(({ binding, database_id: id }) => ({
    shard: shardOfBinding(binding),
    file: d1FileOf(files, id),
  }));
  return found.flatMap(({ shard, file }) => (shard === null || file === null ? [] : [{ shard, file }]));
}

/** null: the first shard has no file, or this Node is too old to open files. */
function openFiles(files: readonly ShardFile[]): OpenedDatabases | null {
  if (files[0]?.shard !== DEFAULT_SHARD) return null;
  const opened = files.flatMap(({ shard, file }) => {
    const sqlite = openSqliteFile(file);
    return sqlite ? [{ shard, binding: bindingOf(shard), database: openDatabase(sqlite.binding), sqlite }] : [];
  });
  const [first, ...further] = opened;
  if (!first) return null;
  const close = async () => {
    for (const { sqlite } of opened) sqlite.close();
  };
  return { shards: [first, ...further], close };
}
