import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../scripts/local/settings.ts';

const READY_WITHIN_MS = 60_000;
/** What Node ≥ 22.12 needs to run TypeScript directly. */
const TYPESCRIPT = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];

/** A program of a run, in a process group of its own. It ends when the run's process ends. */
export interface Host {
  readonly pid: number;
  /** Asks the program to end, and waits until it has ended. */
  stop(): Promise<void>;
  /** Kills the program and all its children at once (SIGKILL), and waits until they have ended. */
  kill(): Promise<void>;
}

/**
 * Starts a program of this folder with its input, and waits until it says that it is ready. Its output is added to
 * `logFile`. Throws if it ends before that.
 */
export async function startHost(file: string, input: object, logFile: string): Promise<Host> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(process.execPath, [...TYPESCRIPT, join(import.meta.dirname, file)], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', NO_COLOR: '1' },
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const ready = new Promise<'ready'>((resolve) => child.once('message', () => resolve('ready')));
  child.send(input);
  const first = await Promise.race([ready, ended, sleep(READY_WITHIN_MS, undefined, { ref: false })]);
  const { pid } = child;
  if (first !== 'ready' || pid === undefined) throw new Error(`${file} did not start. Its output is in ${logFile}.`);
  const onExit = () => killGroup(pid);
  process.once('exit', onExit);
  return {
    pid,
    stop: () => end(child, ended, () => child.kill('SIGTERM'), onExit),
    kill: () => end(child, ended, () => killGroup(pid), onExit),
  };
}

async function end(child: ChildProcess, ended: Promise<void>, signal: () => void, onExit: () => void): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) signal();
  await ended;
  onExit();
  process.off('exit', onExit);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** In a program: the input that `startHost` sends. The program ends when the process that started it is gone. */
export function hostInput(): Promise<unknown> {
  process.once('disconnect', () => process.kill(-process.pid, 'SIGKILL'));
  return new Promise((resolve) => process.once('message', resolve));
}

/** In a program: says that it is ready. */
export function sayReady(): void {
  process.send?.('ready');
}
