import { ApiError } from '../../src/core/errors.ts';
import { databaseContext } from '../local/database-context.ts';
import { refuseOptionsOfNpm } from '../local/npm-options.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { type Style, styleFor } from '../local/style.ts';
import type { Command, CommandAnswer, CommandInput } from './command.ts';
import { parseCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { commandHelp, helpJson, helpText } from './help.ts';
import { type Place, placeOf } from './place.ts';

/** Exit codes. `failed`: it was refused, or something is wrong. `usage`: the command line is wrong. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** `npm run admin`: runs one command and prints its answer. Returns the exit code. */
export async function runAdmin(words: readonly string[]): Promise<number> {
  const asJson = words.includes('--json');
  try {
    const answer = await answerOf(words, styleFor(process.stdout));
    console.log(asJson ? JSON.stringify(answer.json) : answer.text);
    return answer.isAlarm ? EXIT.failed : EXIT.done;
  } catch (error) {
    const shown = describeError(error);
    console.error(asJson ? JSON.stringify({ error: shown }) : `${styleFor(process.stderr).bad('✘')} ${shown.message}`);
    return shown.code === 'usage' ? EXIT.usage : EXIT.failed;
  }
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

/** Runs a command at a place. Opens the database if the command needs it. */
export async function runCommand(
  command: Command,
  input: CommandInput,
  place: Place,
  style: Style,
): Promise<CommandAnswer> {
  if ('ask' in command) return await command.ask({ place, style }, input);
  const { database, close } = await place.open();
  const { PUBLIC_URL: publicUrl } = place.variables;
  try {
    const context = databaseContext(database, { kind: 'operator' }, publicUrl === undefined ? {} : { publicUrl });
    return await command.run({ context, place, style }, input);
  } catch (error) {
    throw isMissingTable(error) ? emptyDatabase(place) : error;
  } finally {
    await close();
  }
}

function isMissingTable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/no such table/.test(cause.message)) return true;
  }
  return false;
}

function emptyDatabase({ migrateCommand }: Place): ScriptError {
  return new ScriptError(`The database has no tables yet. Run \`${migrateCommand}\`.`, { code: 'no_database' });
}

function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError || error instanceof ScriptError) return { code: error.code, message: error.message };
  return { code: 'failed', message: describeFailure(error) };
}
