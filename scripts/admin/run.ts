import { ApiError } from '../../src/core/errors.ts';
import { isDatabaseOutage } from '../../src/db/client.ts';
import { databaseContext } from '../local/database-context.ts';
import { refuseOptionsOfNpm } from '../local/npm-options.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { type Style, styleFor } from '../local/style.ts';
import type { Command, CommandAnswer, CommandInput } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, helpJson, helpText } from './help.ts';
import { type Place, placeOf } from './place.ts';
import { rootMessage } from './shards.ts';

/** Exit codes. `failed`: it was refused, or something is wrong. `usage`: the command line is wrong. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** `npm run admin`: runs one command and prints its answer. Returns the exit code. */
export async function runAdmin(words: readonly string[]): Promise<number> {
  const asJson = words.includes('--json');
  try {
    return print(await answerOf(words, styleFor(process.stdout)), asJson);
  } catch (error) {
    const shown = describeError(error);
    complain(shown, asJson);
    return shown.code === 'usage' ? EXIT.usage : EXIT.failed;
  }
}

/** Prints an answer, and as an error what it lacks. Returns the exit code. */
export function print({ json, text, isAlarm = false, failures = [] }: CommandAnswer, asJson: boolean): number {
  console.log(asJson ? JSON.stringify(json) : text);
  if (failures.length > 0) complain({ code: 'no_database', message: failures.join('\n') }, asJson);
  return isAlarm || failures.length > 0 ? EXIT.failed : EXIT.done;
}

function complain(error: { readonly code: string; readonly message: string }, asJson: boolean): void {
  console.error(asJson ? JSON.stringify({ error }) : `${styleFor(process.stderr).bad('✘')} ${error.message}`);
}

async function answerOf(words: readonly string[], style: Style): Promise<CommandAnswer> {
  refuseOptionsOfNpm('admin', ['remote', 'env', 'persist-to', 'json'], process.env);
  const { command, family, input, place } = parseCommandLine(words);
  if (command === null) {
    const shown = COMMANDS.filter((known) => family === null || known.words.startsWith(`${family} `));
    return { json: helpJson(shown), text: helpText(shown, style) };
  }
  if (input === null) return { json: helpJson([command]), text: commandHelp(command, style) };
  // wrangler's own output must not appear between our lines, and no browser may open for its login.
  process.env.WRANGLER_LOG ??= 'error';
  process.env.CI ??= 'true';
  return await runCommand(command, input, await placeOf(place, process.env), style);
}

/** Runs a command at a place. Opens the databases if the command needs them. */
export async function runCommand(
  command: Command,
  input: CommandInput,
  place: Place,
  style: Style,
): Promise<CommandAnswer> {
  if ('ask' in command) return await command.ask({ place, style }, input);
  const { shards, close } = await place.open();
  const { PUBLIC_URL: publicUrl } = place.variables;
  const databases = new Map(shards.map(({ shard, database }) => [shard, database]));
  const means = { databases, ...(publicUrl === undefined ? {} : { publicUrl }) };
  const open = shards.map(({ shard, binding, database }) => ({
    shard,
    binding,
    context: databaseContext(database, { kind: 'operator' }, { ...means, shard }),
  }));
  return await command.run({ shards: open, place, style }, input).finally(close);
}

/** The code and the message of an error, as they are shown. */
export function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError || error instanceof ScriptError) return { code: error.code, message: error.message };
  if (isDatabaseOutage(error)) {
    const unknown = 'If the command changes something, look whether that is done before you repeat it.';
    return { code: 'no_database', message: `A database does not answer: ${rootMessage(error)}. ${unknown}` };
  }
  return { code: 'failed', message: describeFailure(error) };
}
