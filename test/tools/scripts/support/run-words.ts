import { PassThrough } from 'node:stream';
import type { CommandAnswer } from '../../../../scripts/admin/command.ts';
import { parseCommandLine } from '../../../../scripts/admin/command-line.ts';
import type { Place } from '../../../../scripts/admin/place.ts';
import { databaseContext } from '../../../../scripts/local/database-context.ts';
import { styleFor } from '../../../../scripts/local/style.ts';
import type { Database } from '../../../../src/db/client.ts';
import type { PlatformContext } from '../../../../src/domain/context.ts';

/** Runs a command line on an open database. `variables`: those of the Worker that the command finds. */
export async function runWords(
  words: readonly string[],
  database: Database,
  { now, variables = {} }: Partial<Pick<PlatformContext, 'now'>> & Partial<Pick<Place, 'variables'>> = {},
): Promise<CommandAnswer> {
  const { command, input } = parseCommandLine(words);
  if (!command || !input) throw new Error(`${words.join(' ')} is no command`);
  const style = styleFor(new PassThrough());
  const open = async () => ({ database, close: async () => {} });
  const place: Place = { isRemote: false, migrateCommand: '', variables, open };
  if ('ask' in command) return await command.ask({ place, style }, input);
  const context = databaseContext(database, { kind: 'operator' }, { publicUrl: 'https://pay.example' });
  return await command.run({ context: now ? { ...context, now } : context, place, style }, input);
}
