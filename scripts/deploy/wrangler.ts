import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ScriptError } from '../local/script-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What wrangler prints, and whether it has failed. */
export interface WranglerOutput {
  readonly failed: boolean;
  readonly stdout: string;
  /** All that it has printed, to find its reason in. */
  readonly all: string;
}

/** Cloudflare's command line tool. */
export interface Wrangler {
  /** Runs it in the foreground, with more variables. Returns whether it has succeeded. */
  run(parameters: readonly string[], variables?: Environment): boolean;
  /** Runs it and returns what it prints. */
  read(parameters: readonly string[]): WranglerOutput;
}

/** The wrangler that is installed in a directory, to run there. A call throws ScriptError if it cannot be started. */
export function wranglerIn(folder: string, environment: Environment): Wrangler {
  const start = (
    parameters: readonly string[],
    stdio: 'inherit' | 'pipe',
    variables: Environment,
  ): SpawnSyncReturns<string> => {
    // Started as a script of Node: on Windows a command in node_modules/.bin cannot be started without a shell.
    const program = createRequire(join(folder, 'wrangler.toml')).resolve('wrangler');
    const env = { ...environment, ...variables };
    const result = spawnSync(process.execPath, [program, ...parameters], { cwd: folder, stdio, env, encoding: 'utf8' });
    if (result.error) {
      throw new ScriptError(`wrangler cannot be started: ${result.error.message}`, { cause: result.error });
    }
    return result;
  };
  return {
    run: (parameters, variables = {}) => start(parameters, 'inherit', variables).status === 0,
    read: (parameters) => {
      const { status, stdout, stderr } = start(parameters, 'pipe', {});
      return { failed: status !== 0, stdout, all: `${stdout}\n${stderr}`.trim() };
    },
  };
}

/** The JSON that wrangler prints. null: it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
