import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, createWriteStream, openSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type LocalSettings, ROOT } from '../local/settings.ts';
import { isRuntimeCrash, keptLine } from './worker-output.ts';
import { LOCAL_APP, localAppConfigPath } from './worker-variables.ts';

const STOP_TIMEOUT_MS = 5_000;

export interface WorkerProcess {
  /** Fulfilled when the process has ended, for any reason. */
  readonly ended: Promise<void>;
  /** Asks the process to stop. After five seconds it and all its children are killed. */
  stop(): Promise<void>;
  /** Kills the process and all its children at once. */
  kill(): void;
}

/** Makes a process of Node end when the one that started it is gone. */
const GUARD = `--import=${pathToFileURL(join(import.meta.dirname, 'exit-with-parent.mjs')).href}`;

/** Where wrangler writes down how its Workers are reached. */
const registryOf = (settings: LocalSettings) => join(settings.stateDir, 'registry');

function wranglerArguments(settings: LocalSettings, variablesFile: string): string[] {
  return [
    '--no-warnings',
    GUARD,
    createRequire(import.meta.url).resolve('wrangler'),
    'dev',
    `--config=${join(ROOT, 'wrangler.toml')}`,
    `--config=${localAppConfigPath(settings.stateDir)}`,
    // Its top level, whatever CLOUDFLARE_ENV says.
    '--env=',
    '--ip=localhost',
    `--port=${settings.port}`,
    '--inspector-port=0',
    `--persist-to=${settings.stateDir}`,
    `--env-file=${variablesFile}`,
    '--show-interactive-dev-session=false',
  ];
}

/**
 * Starts both Workers in one local runtime of wrangler, in its own process group. Only the API gets a port. What `keptLine`
 * keeps of its output is added to `logFile` and given to `onLine`. It ends when the runtime ends: wrangler starts the runtime again, but then answers no request.
 */
export function startWorker(
  settings: LocalSettings,
  options: { readonly variablesFile: string; readonly logFile: string; readonly onLine: (line: string) => void },
): WorkerProcess {
  // A wrangler that was killed leaves its address here, and the next one would not replace it for minutes.
  rmSync(join(registryOf(settings), LOCAL_APP), { force: true });
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  const child = spawn(process.execPath, wranglerArguments(settings, options.variablesFile), {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_REGISTRY_PATH: registryOf(settings),
      WRANGLER_WRITE_LOGS: 'false',
      NO_COLOR: '1',
      FORCE_COLOR: '0',
    },
  });
  for (const input of [child.stdout, child.stderr]) {
    if (!input) continue;
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      const kept = keptLine(stripVTControlCharacters(line));
      if (kept === null) return;
      log.write(`${kept}\n`);
      options.onLine(kept);
      if (isRuntimeCrash(kept)) killGroup(child);
    });
  }
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => log.end(() => resolve()));
  });
  return { ended, stop: () => stop(child, ended), kill: () => killGroup(child) };
}

/**
 * Starts the process that gives the merchant app its port (merchant-app/port.ts), in its own process group. Its output is added
 * to `logFile`.
 */
export function startAppPort(settings: LocalSettings, logFile: string): WorkerProcess {
  const input = JSON.stringify({ port: settings.appPort, registry: registryOf(settings), worker: LOCAL_APP });
  const script = join(import.meta.dirname, 'merchant-app/port.ts');
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, ['--no-warnings', '--experimental-strip-types', GUARD, script, input], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  // Its runtime would keep the port.
  child.once('exit', () => killGroup(child));
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('close', () => resolve());
  });
  return { ended, stop: () => stop(child, ended), kill: () => killGroup(child) };
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
  killGroup(child);
}

/** Kills the process group; nothing to do if it has ended. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
