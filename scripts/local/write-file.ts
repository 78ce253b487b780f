import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that readers see whole or not at all, readable and writable by its owner only. */
export function writeFileAtomically(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, path);
}
