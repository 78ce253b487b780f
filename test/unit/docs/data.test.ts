import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LINK_GATE_MIGRATIONS, type Migration, WORKSPACE_GATE_MIGRATIONS } from '../../../src/objects/migrations.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = readFileSync(resolve(ROOT, 'docs/data.md'), 'utf8');
const DRIZZLE = readdirSync(resolve(ROOT, 'drizzle'))
  .filter((file) => file.endsWith('.sql'))
  .sort()
  .map((file) => readFileSync(resolve(ROOT, 'drizzle', file), 'utf8'));

/** `type name` of each column, by table. */
type Tables = Map<string, string[]>;

const statementsOf = (migrations: readonly Migration[]) => migrations.flat();

/** Statements after which every table has the columns that it had. */
const KEEPS_COLUMNS = /^(CREATE ((UNIQUE )?INDEX|TRIGGER)|DROP (INDEX|TRIGGER)|INSERT INTO|UPDATE|DELETE FROM) /;

/** The tables that these statements make. Throws for a statement that changes a table in a way this test cannot read. */
function tablesMadeBy(statements: readonly string[]): Tables {
  const tables: Tables = new Map();
  for (const statement of statements.map((one) => one.replaceAll('`', '').trim())) {
    const [, made, columns] = /^CREATE TABLE (\w+) \(\n([\s\S]*)\n\s*\)/.exec(statement) ?? [];
    const [, altered, name, type] = /^ALTER TABLE (\w+) ADD (?:COLUMN )?(\w+) (\w+)/.exec(statement) ?? [];
    if (made !== undefined && columns !== undefined) tables.set(made, columnsOf(columns));
    else if (altered !== undefined) tables.get(altered)?.push(`${type?.toLowerCase()} ${name}`);
    else if (!KEEPS_COLUMNS.test(statement)) throw new Error(`Not understood: ${statement}`);
  }
  return tables;
}

function columnsOf(lines: string): string[] {
  return lines
    .split('\n')
    .map((line) => /^\s*(?!PRIMARY|FOREIGN|CONSTRAINT)(\w+) (\w+)/.exec(line))
    .flatMap((match) => (match ? [`${match[2]?.toLowerCase()} ${match[1]}`] : []));
}

/** The tables that a section of the page draws, and those that its list explains, by their names in order. */
function sectionOf(heading: string): { readonly drawn: Tables; readonly listed: readonly string[] } {
  const section = PAGE.split(/^## /m).find((one) => one.startsWith(heading)) ?? '';
  const drawn: Tables = new Map();
  for (const [, name = '', columns = ''] of section.matchAll(/^ {2}(\w+) \{\n([\s\S]*?)^ {2}\}/gm)) {
    drawn.set(
      name,
      [...columns.matchAll(/^ {4}(\w+ \w+)/gm)].map(([, column = '']) => column),
    );
  }
  const complete = section.matchAll(/^\| `(\w+)` \| [^|]+ \| [^|]+ \| [^|]+ \|$/gm);
  return { drawn, listed: [...complete].map(([, name = '']) => name) };
}

const MIGRATIONS_TABLE = 'CREATE TABLE migrations (\n  number INTEGER PRIMARY KEY,\n  applied_at INTEGER NOT NULL\n)';

describe.each([
  ['D1', DRIZZLE.flatMap((file) => file.split('--> statement-breakpoint'))],
  ['The gate of a workspace', [...statementsOf(WORKSPACE_GATE_MIGRATIONS), MIGRATIONS_TABLE]],
  ['The gate of a payment link', [...statementsOf(LINK_GATE_MIGRATIONS), MIGRATIONS_TABLE]],
])('docs/data.md, %s', (heading, statements) => {
  const made = tablesMadeBy(statements);
  const { drawn, listed } = sectionOf(heading);

  it('draws every table with all of its columns and their types, and no other', () => {
    expect(made.size).toBeGreaterThan(1);
    expect(new Map([...drawn].sort())).toEqual(new Map([...made].sort()));
  });

  it('says of every table what a row is, what writes it and what deletes it', () => {
    expect([...listed].sort()).toEqual([...made.keys()].sort());
  });
});
