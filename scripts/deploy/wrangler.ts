import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ScriptError } from '../local/script-error.ts';

type Variables = Readonly<Record<string, string>>;

/** Runs the wrangler of the working directory in the foreground, with more variables. Throws ScriptError if it fails. */
export function wrangler(parameters: readonly string[], variables: Variables = {}): void {
  console.log(`  wrangler ${parameters.join(' ')}`);
  const { status } = run(parameters, 'inherit', variables);
  if (status !== 0) throw new ScriptError('wrangler failed (see above). The steps after it were not done.');
}

/** What wrangler prints, and whether it has failed. */
export interface WranglerOutput {
  readonly failed: boolean;
  readonly stdout: string;
  /** All that it has printed, to find its reason in. */
  readonly all: string;
}

/** Runs the wrangler of the working directory and returns what it prints. */
export function readFromWrangler(parameters: readonly string[]): WranglerOutput {
  const { status, stdout, stderr } = run(parameters, 'pipe', {});
  return { failed: status !== 0, stdout, all: `${stdout}\n${stderr}`.trim() };
}

function run(parameters: readonly string[], stdio: 'inherit' | 'pipe', variables: Variables): SpawnSyncReturns<string> {
  // Started as a script of Node: on Windows a command in node_modules/.bin cannot be started without a shell.
  const program = createRequire(join(process.cwd(), 'wrangler.toml')).resolve('wrangler');
  const env = { ...process.env, ...variables };
  const result = spawnSync(process.execPath, [program, ...parameters], { stdio, env, encoding: 'utf8' });
  if (result.error) {
    throw new ScriptError(`wrangler cannot be started: ${result.error.message}`, { cause: result.error });
  }
  return result;
}
