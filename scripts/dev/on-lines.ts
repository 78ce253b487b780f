import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Calls back with every line of a stream, without its line break. */
export function onLines(stream: Readable, callback: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', callback);
}
