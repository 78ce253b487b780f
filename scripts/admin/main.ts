import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ApiError } from '../../src/core/errors.ts';
import { databaseContext } from '../local/database-context.ts';
import { shortPath } from '../local/files.ts';
import type { OpenedDatabase } from '../local/open-database.ts';
import { describeFailure, ScriptError } from '../local/script-error.ts';
import { stateDirOf } from '../local/settings.ts';
import { styleFor } from '../local/style.ts';
import type { CommandAnswer } from './command.ts';
import { type CommandLine, helpText, parseCommandLine } from './command-line.ts';

/** `npm run admin`: runs one command. Returns the exit code. */
async function main(words: readonly string[]): Promise<number> {
  const asJson = words.includes('--json');
  try {
    const line = parseCommandLine(words);
    if (!line.invocation) {
      console.log(helpText(styleFor(process.stdout)));
      return 0;
    }
    const answer = await run(line);
    console.log(asJson ? JSON.stringify(answer.json) : answer.text);
    return 0;
  } catch (error) {
    const shown = describeError(error);
    console.error(asJson ? JSON.stringify({ error: shown }) : `${styleFor(process.stderr).bad('✘')} ${shown.message}`);
    return 1;
  }
}

async function run(line: CommandLine): Promise<CommandAnswer> {
  if (!line.invocation) throw new Error('There is no command to run.');
  const { command, input } = line.invocation;
  const { database, close } = await open(line);
  try {
    return await command.run(databaseContext(database, { kind: 'operator' }), input, styleFor(process.stdout));
  } catch (error) {
    throw isMissingTable(error) ? emptyDatabase(line) : error;
  } finally {
    await close();
  }
}

async function open(line: CommandLine): Promise<OpenedDatabase> {
  const { remote, persistTo } = line;
  // wrangler's own output must not appear between our lines, and no browser may open for its login.
  process.env.WRANGLER_LOG ??= 'error';
  process.env.CI ??= 'true';
  const stateDir = persistTo === undefined ? stateDirOf(process.env) : resolve(persistTo);
  if (!remote && !existsSync(join(stateDir, 'v3/d1'))) {
    throw new ScriptError(
      `There is no local database in ${shortPath(stateDir)}. Run \`npm start\` once, or set STATE_DIR to the directory of another copy.`,
      { code: 'no_database' },
    );
  }
  const { openLocalDatabase, openRemoteDatabase } = await import('../local/open-database.ts');
  if (!remote) return await openLocalDatabase(stateDir);
  try {
    return await openRemoteDatabase(environmentOf(line));
  } catch (error) {
    if (error instanceof ScriptError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new ScriptError(
      `The deployed database cannot be reached. Run \`npx wrangler login\` or set CLOUDFLARE_API_TOKEN.\n  ${reason}`,
      { code: 'no_database', cause: error },
    );
  }
}

function isMissingTable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/no such table/.test(cause.message)) return true;
  }
  return false;
}

/** The environment in wrangler.toml whose database is used with --remote: like wrangler, CLOUDFLARE_ENV without --env. */
function environmentOf({ environment }: CommandLine): string | null {
  return environment ?? (process.env.CLOUDFLARE_ENV || null);
}

function emptyDatabase(line: CommandLine): ScriptError {
  const migrate = `npx wrangler d1 migrations apply DB --remote --env=${environmentOf(line) ?? ''}`;
  const remedy = line.remote ? `Run \`${migrate}\`.` : 'Run `npm start` once.';
  return new ScriptError(`The database has no tables yet. ${remedy}`, { code: 'no_database' });
}

function describeError(error: unknown): { code: string; message: string } {
  if (error instanceof ApiError || error instanceof ScriptError) return { code: error.code, message: error.message };
  return { code: 'failed', message: describeFailure(error) };
}

process.exit(await main(process.argv.slice(2)));
