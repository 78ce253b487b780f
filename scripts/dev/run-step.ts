import { spawn } from 'node:child_process';
import { ScriptError } from '../local/script-error.ts';

/** What Node ≥ 22.12 needs to run TypeScript as it stands. */
const TYPESCRIPT_FLAGS = ['--disable-warning=ExperimentalWarning', '--experimental-strip-types'];

/** Runs one of our TypeScript files as a process of its own. Throws ScriptError with what it said when it fails. */
export function runStep(file: string, input: unknown, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...TYPESCRIPT_FLAGS, file, JSON.stringify(input)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new ScriptError(said.trim() || `${file} failed.`))));
  });
}
