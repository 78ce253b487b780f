import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/**
 * The resources that src/stripe/client.ts calls. The SDK makes all of its 76, with all of their methods, for each client:
 * left out they save 12 KB (gzip) of a Worker. test/tools/worker-bundle.test.ts calls each in the built code.
 */
const USED = ['accounts', 'checkout', 'events', 'paymentMethodDomains', 'refunds'];
const RESOURCE = /^ *this\.(\w+) = new \w+\(this\);\n/gm;

/**
 * What else two libraries import and this Worker never uses, with what stands in its place. Stripe: the list of resources,
 * API v2 with its decimal numbers, loops over pages. Drizzle: Postgres, column types that no table has, relational queries,
 * which need a `schema` in db/client.ts. 9 KB (gzip).
 */
const UNUSED = [
  ['stripe/esm/resources.js', 'export class OAuthResource {}'],
  ['stripe/esm/StripeEventNotificationHandler.js', 'export class StripeEventNotificationHandler {}'],
  [
    'stripe/esm/Decimal.js',
    'export const Decimal = {}; export const isDecimal = () => false; export const DEFAULT_DIV_PRECISION = 0;',
  ],
  [
    'stripe/esm/V2Coercion.js',
    'export const coerceV2RequestData = (data) => data; export const coerceV2ResponseData = (data) => data;',
  ],
  ['stripe/esm/autoPagination.js', 'export const makeAutoPaginationMethods = () => ({});'],
  ['drizzle-orm/pg-core/columns/enum.js', 'export const isPgEnum = () => false;'],
  ['drizzle-orm/sqlite-core/columns/all.js', 'export const getSQLiteColumnBuilders = () => ({});'],
  [
    'drizzle-orm/relations.js',
    'export const extractTablesRelationalConfig = unused, createTableRelationsHelpers = unused, mapRelationalRow = unused, normalizeRelation = unused, getOperators = unused, getOrderByOperators = unused; export class One {} export class Many {} export class Relation {} function unused() { throw new Error("No relational queries"); }',
  ],
  [
    'drizzle-orm/sqlite-core/query-builders/query.js',
    'export class RelationalQueryBuilder {} export class SQLiteRelationalQuery {} export class SQLiteSyncRelationalQuery {}',
  ],
];

/** @type {import('esbuild').Plugin} */
const usedPartsOfLibraries = {
  name: 'used-parts-of-libraries',
  setup({ onLoad, onEnd }) {
    const found = new Set();
    onLoad({ filter: /[\\/]stripe[\\/]esm[\\/]stripe\.core\.js$/ }, ({ path }) => {
      const keepUsed = (line, name) => (USED.includes(name) ? found.add(name) && line : '');
      return { contents: readFileSync(path, 'utf8').replaceAll(RESOURCE, keepUsed) };
    });
    onLoad({ filter: /[\\/](stripe|drizzle-orm)[\\/].*\.js$/ }, ({ path }) => {
      const [, contents] = UNUSED.find(([file]) => path.replaceAll('\\', '/').endsWith(`/${file}`)) ?? [];
      return contents === undefined ? undefined : { contents };
    });
    onEnd(() => {
      const missing = USED.filter((name) => !found.has(name));
      return { errors: missing.map((name) => ({ text: `Stripe's SDK has no resource ${name} any more.` })) };
    });
  },
};

/**
 * Bundles `entry` (a path from the project's root) into `outfile`, without the parts of libraries that it never uses. Not
 * minified: wrangler does that.
 * @param {string} entry
 * @param {string} outfile
 */
export async function buildWorker(entry, outfile) {
  await build({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:*', 'node:*'],
    tsconfig: join(ROOT, 'tsconfig.json'),
    sourcemap: 'linked',
    sourcesContent: true,
    logLevel: 'warning',
    plugins: [usedPartsOfLibraries],
  });
}
