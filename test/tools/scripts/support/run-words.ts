import { PassThrough } from 'node:stream';
import type { CommandAnswer } from '../../../../scripts/admin/command.ts';
import { parseCommandLine } from '../../../../scripts/admin/command-line.ts';
import type { Place } from '../../../../scripts/admin/place.ts';
import { databaseContext } from '../../../../scripts/local/database-context.ts';
import { styleFor } from '../../../../scripts/local/style.ts';
import { bindingOf } from '../../../../src/core/shards.ts';
import type { Database } from '../../../../src/db/client.ts';
import type { PlatformContext } from '../../../../src/domain/context.ts';

/**
 * Runs a command line on open databases: one, or several from the first shard on. `variables`: those of the Worker that
 * the command finds.
 */
export async function runWords(
  words: readonly string[],
  databases: Database | readonly Database[],
  { now, variables = {} }: Partial<Pick<PlatformContext, 'now'>> & Partial<Pick<Place, 'variables'>> = {},
): Promise<CommandAnswer> {
  const { command, input } = parseCommandLine(words);
  if (!command || !input) throw new Error(`${words.join(' ')} is no command`);
  const style = styleFor(new PassThrough());
  const open = () => Promise.reject(new Error('The databases are open already.'));
  const appUrl = async () => variables.APP_URL ?? null;
  const place: Place = { isRemote: false, migrateCommand: (binding) => `migrate ${binding}`, variables, appUrl, open };
  if ('ask' in command) return await command.ask({ place, style }, input);
  const byShard = new Map([databases].flat().map((database, index) => [String(index), database]));
  const shards = [...byShard].map(([shard, database]) => {
    const means = { publicUrl: 'https://pay.example', shard, databases: byShard };
    const context = databaseContext(database, { kind: 'operator' }, means);
    return { shard, binding: bindingOf(shard), context: now ? { ...context, now } : context };
  });
  return await command.run({ shards, place, style }, input);
}
