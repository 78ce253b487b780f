import { relative } from 'node:path';

/** A path as a person would type it: seen from the working directory where it lies below it, else absolute. */
export function shortPath(path: string): string {
  const seen = relative(process.cwd(), path);
  return seen.startsWith('..') ? path : seen;
}
