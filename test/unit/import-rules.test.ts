import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** Which room of the house may import which: one direction, doors → domain → stores → core. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  db: ['db', 'core'],
  stripe: ['stripe', 'core'],
  objects: ['objects', 'core'],
  domain: ['domain', 'core', 'db', 'stripe/gateway.ts', 'objects'],
  // The configuration names the bindings, and so the classes and messages behind them.
  'env.ts': ['core', 'objects'],
  // Makes the context of use cases: the only place that joins the stores to the configuration.
  'make-context.ts': ['core', 'db', 'domain', 'env.ts', 'objects', 'stripe'],
  http: ['http', 'core', 'domain', 'env.ts', 'make-context.ts', 'db', 'objects', 'stripe'],
  queue: ['queue', 'core', 'domain', 'env.ts', 'make-context.ts', 'db'],
  // Released Stripe events are read again from their JSON.
  cron: ['cron', 'core', 'domain', 'env.ts', 'make-context.ts', 'db', 'stripe/events.ts'],
  contract: [],
  widget: ['widget', 'contract'],
};

interface Import {
  readonly from: string;
  readonly to: string;
  /** Types leave nothing in the bundle. */
  readonly typeOnly: boolean;
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
}

function importsOf(file: string): { own: Import[]; packages: string[] } {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [...text.matchAll(/(import|export)\s+(type\s+)?(?:[^'";]*?\s+from\s+)?'([^']+)'/g)];
  const own: Import[] = [];
  const packages: string[] = [];
  for (const [, , type, specifier = ''] of found) {
    if (!specifier.startsWith('.')) packages.push(specifier);
    else
      own.push({ from: file, to: relative(SRC, resolve(SRC, dirname(file), specifier)), typeOnly: type !== undefined });
  }
  return { own, packages };
}

const roomOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : file);
const files = sourceFiles();

describe('the import rules of the house', () => {
  it('finds the source and its imports', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap((file) => importsOf(file).own).length).toBeGreaterThan(100);
  });

  it('lets every room import only from the rooms below it', () => {
    const broken = files
      .filter((file) => file !== 'app.ts' && file !== 'index.ts')
      .flatMap((file) => importsOf(file).own)
      .filter(
        ({ from, to }) =>
          !(ALLOWED[roomOf(from)] ?? []).some((allowed) => to === allowed || to.startsWith(`${allowed}/`)),
      )
      .map(({ from, to }) => `${from} → ${to}`);
    expect(broken).toEqual([]);
  });

  it('keeps a door from SQL: no query is built outside src/db', () => {
    const broken = files.filter(
      (file) => roomOf(file) !== 'db' && importsOf(file).packages.some((name) => name.startsWith('drizzle-orm')),
    );
    expect(broken).toEqual([]);
  });

  it('leaves the schemas of answers and events out of the Worker: they are types to it, and for the OpenAPI document', () => {
    const hasSchemas = (file: string) => importsOf(file).packages.includes('zod/mini');
    const documents = files.filter((file) => /(answer|event-schemas)\.ts$/.test(file) && hasSchemas(file));
    const isDocument = (file: string) => documents.includes(file);
    expect(documents.length).toBeGreaterThan(5);
    const broken = files
      .filter((file) => !isDocument(file))
      .flatMap((file) => importsOf(file).own)
      .filter(({ to, typeOnly }) => isDocument(to) && !typeOnly)
      .map(({ from, to }) => `${from} → ${to}`);
    expect(broken).toEqual([]);
  });

  it("keeps Stripe's SDK inside src/stripe", () => {
    const broken = files.filter((file) => roomOf(file) !== 'stripe' && importsOf(file).packages.includes('stripe'));
    expect(broken).toEqual([]);
  });

  it('imports zod only as the namespace of zod/mini, which weighs a third', () => {
    const lines = files.flatMap((file) =>
      readFileSync(join(SRC, file), 'utf8')
        .split('\n')
        .filter((line) => /'zod(\/[^']*)?'/.test(line)),
    );
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.filter((line) => !/^import (type )?\* as z from 'zod\/mini';$/.test(line))).toEqual([]);
  });

  it('never reaches into the tests', () => {
    const broken = files.flatMap((file) => importsOf(file).own).filter(({ to }) => to.startsWith('..'));
    expect(broken).toEqual([]);
  });
});
