import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** Writes a file that readers see whole or not at all. Only its owner can read and write it. */
export function writeFileAtomically(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}

/** A path as a person would type it: relative if it is below the working directory, else absolute. */
export function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere;
}

/** The last lines of a file; '' if there is no such file. */
export function lastLines(path: string, count: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
