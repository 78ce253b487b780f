import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../../src');

/** What an entry point uses: use cases, and what they are called with. */
const ENTRY = ['domain', 'core', 'contract', 'env.ts', 'make-context.ts'];
const ROUTES = [...ENTRY, 'db', 'http/*', 'http/middleware'];

/** The schemas that turn what somebody has sent into the input of use cases. */
const FORM_SCHEMAS = ['payment-links', 'webhook-endpoints', 'profile', 'public-keys', 'payments', 'account'].map(
  (resource) => `http/api/${resource}/requests.ts`,
);

/**
 * Who may import whom, besides files of the same folder: entry points → use cases → stores → core. The longest name that a
 * file's path begins with decides. `http/*` is the files directly in http.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  core: [],
  contract: [],
  widget: ['contract'],
  db: ['core'],
  stripe: ['core'],
  objects: ['core'],
  domain: ['core', 'db', 'stripe/gateway.ts', 'objects'],
  // The configuration names the bindings, and so the classes and messages behind them.
  'env.ts': ['core', 'objects'],
  // The only place that joins the stores to the configuration.
  'make-context.ts': ['core', 'db', 'domain', 'env.ts', 'objects', 'stripe'],
  http: ROUTES,
  // What the middleware leaves for the routes.
  'http/app-env.ts': [...ENTRY, 'db', 'objects', 'http/*'],
  'http/middleware': [...ENTRY, 'db/client.ts', 'db/api-keys.ts', 'objects', 'http/*'],
  'http/buyer': [...ENTRY, 'db', 'http/*'],
  'http/api': [...ROUTES, 'http/buyer'],
  'http/pay': [...ROUTES, 'http/buyer'],
  'http/connect': [...ROUTES, 'http/buyer'],
  // Built for browsers. No code of the server imports it.
  'http/pay/browser': [],
  'http/embed': [...ROUTES, 'http/buyer'],
  // Stripe events come as Stripe wrote them.
  'http/stripe-events': [...ROUTES, 'stripe/events.ts', 'stripe/gateway.ts'],
  // A Worker of its own. It shares the use cases and the stores with the API, and none of its routes.
  // Its forms are checked by the schemas of the API, so that both refuse the same. Its preview is the pay page itself.
  'merchant-app': [...ENTRY, 'db', 'http/buyer', 'http/pay', ...FORM_SCHEMAS],
  // Built for browsers. No code of the server imports it.
  'merchant-app/browser': [],
  // They open a database for the context, and leave all queries to the use cases.
  queue: [...ENTRY, 'db/client.ts'],
  // The same events, released by an operator.
  cron: [...ENTRY, 'db/client.ts', 'stripe/events.ts'],
};

/** These two join everything. */
const JOINTS = ['app.ts', 'index.ts'];

/** A route reads from the database and changes nothing: a change is the work of a use case. Constants are free. */
const READ = /^(type |find|read|list|count|is[A-Z]|open[A-Z]|databaseOf$|[A-Z_]+$)/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly names: readonly string[];
  /** Types leave nothing in the bundle. */
  readonly typeOnly: boolean;
}

function sourceFiles(): string[] {
  return readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
}

function importsOf(file: string): { own: Import[]; packages: string[] } {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = [...text.matchAll(/(import|export)\s+(type\s+)?(?:([^'";]*?)\s+from\s+)?'([^']+)'/g)];
  const own: Import[] = [];
  const packages: string[] = [];
  for (const [, , type, what = '', specifier = ''] of found) {
    if (!specifier.startsWith('.')) packages.push(specifier);
    else {
      const names = what.replace(/[{}\s]+/g, ' ').split(',');
      const to = relative(SRC, resolve(SRC, dirname(file), specifier));
      own.push({ from: file, to, names: names.map((name) => name.trim()), typeOnly: type !== undefined });
    }
  }
  return { own, packages };
}

/** The names of all members that the schemas of an OpenAPI document have, at any depth. */
function memberNames(part: unknown): Set<string> {
  if (typeof part !== 'object' || part === null) return new Set();
  const own = 'properties' in part && typeof part.properties === 'object' ? Object.keys(part.properties ?? {}) : [];
  return new Set([...own, ...Object.values(part).flatMap((value) => [...memberNames(value)])]);
}

/** The files that speak of events in JSON: an event's body is stored as it is sent. */
const WIRE_OF_EVENTS = ['domain/webhooks/event-data.ts', 'domain/webhooks/event-schemas.ts'];
const isBelowHttp = (file: string) =>
  ['domain', 'db'].some((name) => isIn(file, name)) && !WIRE_OF_EVENTS.includes(file);
const readSource = (file: string) => readFileSync(join(SRC, file), 'utf8');

const files = sourceFiles();
const imports = files.flatMap((file) => importsOf(file).own);
const folderOf = (file: string): string => (file.includes('/') ? (file.split('/')[0] ?? '') : file);
const isIn = (file: string, name: string): boolean => file === name || file.startsWith(`${name}/`);
const asLine = ({ from, to }: Pick<Import, 'from' | 'to'>) => `${from} → ${to}`;

/** The name in ALLOWED that a file belongs to. */
function placeOf(file: string): string | undefined {
  const names = Object.keys(ALLOWED).filter((name) => isIn(file, name));
  return names.sort((one, other) => other.length - one.length)[0];
}

function isAllowed({ from, to }: Import): boolean {
  const place = placeOf(from);
  if (place === undefined) return false;
  if (placeOf(to) === place) return true;
  return (ALLOWED[place] ?? []).some((name) => (name === 'http/*' ? /^http\/[^/]+$/.test(to) : isIn(to, name)));
}

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Which nodes import which; `nodeOf` null: the file is in none. */
function graphOf(nodeOf: (file: string) => string | null): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [one, other] = [nodeOf(from), nodeOf(to)];
    if (one === null || other === null || one === other) continue;
    graph.set(one, (graph.get(one) ?? new Set()).add(other));
  }
  return graph;
}

/** The files that the bundle of this one has. Types leave nothing in it. */
function reachableFrom(entry: string): ReadonlySet<string> {
  const reached = new Set([entry]);
  for (const file of reached) {
    for (const { from, to, typeOnly } of imports) if (from === file && !typeOnly) reached.add(to);
  }
  return reached;
}

/** The nodes that can be reached from themselves, each with the way back to it. */
function circlesOf(graph: Graph): string[] {
  const wayBack = (node: string): string[] | null => {
    const ways = new Map<string, string[]>([[node, [node]]]);
    for (const [at, way] of ways) {
      for (const next of graph.get(at) ?? []) {
        if (next === node) return [...way, node];
        if (!ways.has(next)) ways.set(next, [...way, next]);
      }
    }
    return null;
  };
  return [...graph.keys()].flatMap((node) => wayBack(node)?.join(' → ') ?? []);
}

describe('the import rules', () => {
  it('finds the source and its imports', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
  });

  it('lets every folder import only what stands below it', () => {
    const judged = imports.filter(({ from }) => !JOINTS.includes(from));
    expect(judged.filter((one) => !isAllowed(one)).map(asLine)).toEqual([]);
  });

  it('lets routes only read from the database', () => {
    const written = imports
      .filter(({ from }) => isIn(from, 'http') || isIn(from, 'merchant-app'))
      .filter(({ to, typeOnly }) => isIn(to, 'db') && !typeOnly)
      .flatMap((one) => one.names.filter((name) => !READ.test(name)).map((name) => `${asLine(one)}: ${name}`));
    expect(written).toEqual([]);
  });

  it('gives the merchant app the context of a workspace only where a person may do what they ask for', () => {
    const ways = /^(inWorkspace|findContext|findWorkspace\w*|findPair)$/;
    const found = imports
      .filter(({ from }) => isIn(from, 'merchant-app'))
      .flatMap((one) => one.names.filter((name) => ways.test(name)).map((name) => `${asLine(one)}: ${name}`));
    expect(found).toEqual([]);
    const ofPersons = imports.filter(({ to }) => to === 'merchant-app/person-context.ts').map(({ from }) => from);
    expect(ofPersons.map((file) => file.replace('merchant-app/', '')).sort()).toEqual([
      'allowed-to.ts',
      'team/invitation-routes.ts',
      'team/new-workspace-routes.ts',
    ]);
    const authorising = imports.filter(
      ({ to, names }) => to === 'domain/members/authorise.ts' && names.includes('authorise'),
    );
    expect(authorising.map(({ from }) => from)).toEqual(['merchant-app/allowed-to.ts']);
  });

  it('knows a circle when it sees one', () => {
    const graph = new Map([
      ['a', new Set(['b'])],
      ['b', new Set(['c', 'd'])],
      ['c', new Set(['a'])],
    ]);
    expect(circlesOf(graph)).toEqual(['a → b → c → a', 'b → c → a → b', 'c → a → b → c']);
    expect(circlesOf(new Map([['a', new Set(['b'])]]))).toEqual([]);
  });

  it('has no circle of files, types included', () => {
    expect(circlesOf(graphOf((file) => file))).toEqual([]);
  });

  it('has no circle of folders', () => {
    const inside = (parent: string) => (file: string) => {
      const [top, folder, ...rest] = file.split('/');
      return top === parent && folder !== undefined && rest.length > 0 ? folder : null;
    };
    const below = (file: string) => (file.includes('/') ? folderOf(file) : null);
    for (const nodeOf of [below, inside('http'), inside('domain')]) {
      expect(circlesOf(graphOf(nodeOf))).toEqual([]);
    }
  });

  it('keeps SQL in src/db: no query is built anywhere else', () => {
    const broken = files.filter(
      (file) => folderOf(file) !== 'db' && importsOf(file).packages.some((name) => name.startsWith('drizzle-orm')),
    );
    expect(broken).toEqual([]);
  });

  it("keeps the API's member names out of the domain and the queries, but for the data of events", () => {
    const document = JSON.parse(readFileSync(resolve(SRC, '../public/openapi.json'), 'utf8'));
    const columns = new Set(
      [...readSource('db/schema.ts').matchAll(/'([a-z]+(?:_[a-z0-9]+)+)'/g)].map(([, name]) => name),
    );
    const names = [...memberNames(document)].filter((name) => /^[a-z]+(_[a-z]+)+$/.test(name));
    expect(names).toEqual(expect.arrayContaining(['amount_cents', 'refunded_cents', 'payment_link_token']));
    const found = files.filter(isBelowHttp).flatMap((file) => {
      const isQuery = isIn(file, 'db');
      // A query may read a member of a stored event, and has columns; a log line has names of its own.
      const text = readSource(file)
        .replace(/\$\.data\.\w+/g, '')
        .replace(/logLine\([^)]*\)/g, '');
      const words = new Set(text.match(/\b[a-z]+(_[a-z]+)+\b/g));
      return names
        .filter((name) => words.has(name) && !(isQuery && columns.has(name)))
        .map((name) => `${file}: ${name}`);
    });
    expect(found).toEqual([]);
  });

  it("keeps Stripe's SDK inside src/stripe", () => {
    const broken = files.filter((file) => folderOf(file) !== 'stripe' && importsOf(file).packages.includes('stripe'));
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

  it('keeps better-auth inside the merchant app, which nothing else imports', () => {
    const outside = files.filter((file) => folderOf(file) !== 'merchant-app');
    const signIn = /^(better-auth|@better-auth)(\/|$)/;
    expect(outside.filter((file) => importsOf(file).packages.some((name) => signIn.test(name)))).toEqual([]);
    expect(imports.filter(({ from, to }) => isIn(to, 'merchant-app') && !isIn(from, 'merchant-app'))).toEqual([]);
  });

  it('keeps the tables of people out of the API', () => {
    const ofApi = reachableFrom('index.ts');
    expect(ofApi).toContain('db/schema.ts');
    expect(
      [...ofApi].filter((file) => /^db\/(sign-in|team-schema|members|invitations|organisations)/.test(file)),
    ).toEqual([]);
  });

  it('never imports from the tests', () => {
    expect(imports.filter(({ to }) => to.startsWith('..')).map(asLine)).toEqual([]);
  });
});
