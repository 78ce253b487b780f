import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { getTableName, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { parseDevVars } from '../../../scripts/dev/dev-vars.ts';
import { DRIFT_FIGURES, DRIFT_THRESHOLDS } from '../../../src/core/drift-thresholds.ts';
import * as schema from '../../../src/db/schema.ts';
import * as signInSchema from '../../../src/db/sign-in-schema.ts';
import * as teamSchema from '../../../src/db/team-schema.ts';
import { LINK_GATE_MIGRATIONS, WORKSPACE_GATE_MIGRATIONS } from '../../../src/objects/migrations.ts';
import { STRIPE_EVENT_TYPES } from '../../../src/stripe/events.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(resolve(ROOT, path), 'utf8');
const PAGE = read('docs/operating.md');

/** The text of a section, up to the next heading of its level. */
function section(heading: string): string {
  const found = PAGE.split(/^## /m).find((one) => one.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`docs/operating.md has no section ${heading}`);
  return found;
}

/** The first cells of the rows of a section's tables, without the heads. */
const firstCells = (text: string) =>
  [...text.matchAll(/^\| ([^|]+) \|.*\|$/gm)].map(([, cell = '']) => cell).filter((cell) => !/^-+$/.test(cell));
const quoted = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** The variables and secrets that the Worker reads. */
function variablesOfWorker(): string[] {
  const bindings = read('src/env.ts').matchAll(/^ {2}readonly ([A-Z_]+)\?: (?:string|NumberVariable);$/gm);
  const thresholds = DRIFT_FIGURES.map((figure) => DRIFT_THRESHOLDS[figure].variable);
  return [...[...bindings].map(([, name = '']) => name), ...thresholds];
}

/** The variables and secrets that the merchant app reads. */
const variablesOfApp = [...read('src/merchant-app/env.ts').matchAll(/^ {2}readonly ([A-Z_]+)\?: string;$/gm)].map(
  ([, name = '']) => name,
);

describe('docs/operating.md', () => {
  it('says of every table of D1 and of the Durable Objects how long it keeps its rows', () => {
    const tables = Object.values({ ...schema, ...signInSchema, ...teamSchema }).flatMap((value) =>
      is(value, SQLiteTable) ? [getTableName(value)] : [],
    );
    const statements = [...WORKSPACE_GATE_MIGRATIONS, ...LINK_GATE_MIGRATIONS].flat();
    const made = statements.flatMap((text) => /^CREATE TABLE (\w+)/.exec(text)?.[1] ?? []);
    expect(tables.length).toBeGreaterThan(10);
    expect(made.length).toBeGreaterThan(3);
    const named = firstCells(section('Retention')).flatMap(quoted);
    expect(named.sort()).toEqual([...tables, ...made, 'migrations'].sort());
  });

  it('explains every variable and secret of the Worker, and no other', () => {
    const explained = firstCells(section('Configuration')).flatMap(quoted);
    expect(explained.sort()).toEqual(variablesOfWorker().sort());
  });

  it('explains every variable and secret of the merchant app, and no other', () => {
    expect(variablesOfApp.length).toBeGreaterThan(3);
    const explained = firstCells(section('The merchant app')).flatMap(quoted);
    expect(explained.sort()).toEqual([...variablesOfApp].sort());
  });

  it('has every figure of /health/drift with its threshold and default', () => {
    const text = section('Monitoring');
    for (const figure of DRIFT_FIGURES) {
      const { variable, byDefault } = DRIFT_THRESHOLDS[figure];
      expect(text).toMatch(new RegExp(`^\\| \`${figure}\` \\| [^|]+ \\| \`${variable}\` \\| ${byDefault} \\|$`, 'm'));
    }
  });

  it('lists exactly the Stripe events that we act on, and the API version of our SDK', () => {
    const listed = [...section('Stripe').matchAll(/^- `([\w.]+)`$/gm)].map(([, type]) => type);
    expect(listed).toEqual([...STRIPE_EVENT_TYPES]);
    const versions = [...section('Stripe').matchAll(/`(\d{4}-\d\d-\d\d\.\w+)`/g)].map(([, version]) => version);
    expect(new Set(versions)).toEqual(new Set([new Stripe('sk_test_none').getApiField('version')]));
  });

  it('links only to headings and files that exist', () => {
    const anchors = [...PAGE.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const targets = [...PAGE.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
    for (const target of targets.filter((one) => !one.startsWith('https://'))) {
      if (target.startsWith('#')) expect(anchors, target).toContain(target.slice(1));
      else expect(existsSync(resolve(ROOT, 'docs', target.split('#')[0] ?? '')), target).toBe(true);
    }
    expect(read('README.md')).toContain('(docs/operating.md)');
  });
});

describe('wrangler.toml', () => {
  it('names no variable that the Worker does not read', () => {
    const named = [...read('wrangler.toml').matchAll(/^#? ?([A-Z][A-Z_]+) = /gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(5);
    for (const name of named) expect(variablesOfWorker()).toContain(name);
  });
});

describe('wrangler.merchant-app.toml', () => {
  it('names no variable that the merchant app does not read, and not its secret', () => {
    const named = [...read('wrangler.merchant-app.toml').matchAll(/^#? ?([A-Z][A-Z_]+) = /gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(3);
    expect([...variablesOfApp].filter((name) => name !== 'AUTH_SECRET')).toEqual(expect.arrayContaining(named));
  });
});

describe('.dev.vars.example', () => {
  const example = read('.dev.vars.example');

  it('changes nothing as it stands, and holds only what a local copy takes', () => {
    expect(parseDevVars(example)).toEqual({ ownStripe: null, passedOn: {} });
    const inUse = parseDevVars(example.replaceAll(/^# ([A-Z_]+=)/gm, '$1'));
    expect(inUse.ownStripe).not.toBeNull();
    const names = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
    const own = ['STRIPE_SECRET_KEY_TEST', 'STRIPE_CONNECTED_ACCOUNT_TEST'];
    expect([...own, ...Object.keys(inUse.passedOn)].sort()).toEqual(names.sort());
  });
});
