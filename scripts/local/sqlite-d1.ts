import { createHash, createHmac } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** How long (ms) to wait for another process that writes to the same file. */
const BUSY_MS = 5_000;
/** A file that the local runtime keeps for itself, beside the databases. */
const OWN_FILE = 'metadata.sqlite';
/** The class of the local runtime's objects that hold databases. It is also the name of their directory. */
const OBJECT_CLASS = 'miniflare-D1DatabaseObject';

/** The files of the local D1 databases in a state directory of `wrangler dev`. */
export function d1FilesIn(stateDir: string): string[] {
  const directory = join(stateDir, 'v3/d1', OBJECT_CLASS);
  return readDirectory(directory)
    .filter((name) => name.endsWith('.sqlite') && name !== OWN_FILE)
    .map((name) => join(directory, name));
}

/**
 * The file of the local D1 database with this `database_id`, among the files of a state directory. null: it is not
 * there. The local runtime derives the file's name from the id.
 */
export function d1FileOf(files: readonly string[], databaseId: string): string | null {
  const key = createHash('sha256').update(OBJECT_CLASS).digest();
  const hmac = (text: string | Buffer) => createHmac('sha256', key).update(text).digest().subarray(0, 16);
  const name = hmac(databaseId);
  const file = `${Buffer.concat([name, hmac(name)]).toString('hex')}.sqlite`;
  return files.find((path) => basename(path) === file) ?? null;
}

function readDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** Opens a file of D1 with the SQLite of Node, which starts in no time. null: this Node is too old for that. */
export function openSqliteFile(file: string): { readonly binding: D1Database; close(): void } | null {
  const sqlite = process.getBuiltinModule('node:sqlite');
  if (!sqlite || !('setReturnArrays' in sqlite.StatementSync.prototype)) return null;
  const connection = new sqlite.DatabaseSync(file);
  // The runtime does not wait for a lock, so that ours must be short: no wait for the disk at the end of a transaction.
  connection.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA synchronous = NORMAL`);
  return { binding: new SqliteD1(connection), close: () => connection.close() };
}

/** A D1 database on a connection of Node's SQLite: the part of D1's interface that our queries use. */
class SqliteD1 implements D1Database {
  readonly #connection: DatabaseSync;

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  prepare(query: string): SqliteStatement {
    return new SqliteStatement(this.#connection, query, []);
  }

  /** Runs the statements in one transaction, as D1 does. */
  async batch<T>(statements: D1PreparedStatement[]): Promise<D1Result<T>[]> {
    const own = statements.filter((statement) => statement instanceof SqliteStatement);
    if (own.length < statements.length) throw new TypeError('A statement is of another database.');
    // Locked at once for writing: a transaction that writes later cannot wait for another writer.
    this.#connection.exec(own.every(({ isRead }) => isRead) ? 'BEGIN' : 'BEGIN IMMEDIATE');
    try {
      const results = own.map((statement) => statement.result<T>());
      this.#connection.exec('COMMIT');
      return results;
    } catch (error) {
      this.#connection.exec('ROLLBACK');
      throw error;
    }
  }

  exec = unsupported('exec');
  withSession = unsupported('withSession');
  dump = unsupported('dump');
}

class SqliteStatement implements D1PreparedStatement {
  readonly #connection: DatabaseSync;
  readonly #query: string;
  readonly #values: readonly SQLInputValue[];

  constructor(connection: DatabaseSync, query: string, values: readonly SQLInputValue[]) {
    this.#connection = connection;
    this.#query = query;
    this.#values = values;
  }

  bind(...values: unknown[]): SqliteStatement {
    return new SqliteStatement(this.#connection, this.#query, values.map(toSqlite));
  }

  /** True for a query that cannot write. */
  get isRead(): boolean {
    return /^\s*\(?select\b/i.test(this.#query);
  }

  async all<T>(): Promise<D1Result<T>> {
    return this.result<T>();
  }

  /** Runs the statement at once. */
  result<T>(): D1Result<T> {
    const before = this.#changesSoFar();
    const results = this.#rows<T>(this.#connection.prepare(this.#query));
    return { success: true, results, meta: this.#metaOf(this.#changesSoFar() - before) };
  }

  async run<T>(): Promise<D1Result<T>> {
    return await this.all<T>();
  }

  raw<T>(options: { columnNames: true }): Promise<[string[], ...T[]]>;
  raw<T>(options?: { columnNames?: false }): Promise<T[]>;
  async raw<T>(options?: { columnNames?: boolean }): Promise<T[] | [string[], ...T[]]> {
    const statement = this.#connection.prepare(this.#query);
    statement.setReturnArrays(true);
    const rows = this.#rows<T>(statement);
    return options?.columnNames ? [statement.columns().map(({ name }) => name), ...rows] : rows;
  }

  first = unsupported('first');

  /** The rows of a query. As with D1, the caller names their type. */
  #rows<T>(statement: StatementSync): T[] {
    return statement.all(...this.#values) as T[];
  }

  #metaOf(changes: number): D1Meta & Record<string, unknown> {
    const size = 'SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()';
    const bytes = Number(this.#connection.prepare(size).get()?.bytes);
    const unknown = { duration: 0, rows_read: 0, rows_written: 0, last_row_id: 0 };
    return { ...unknown, size_after: bytes, changes, changed_db: changes > 0 };
  }

  #changesSoFar(): number {
    return Number(this.#connection.prepare('SELECT total_changes() AS changes').get()?.changes);
  }
}

function toSqlite(value: unknown): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw new TypeError(`D1 takes no value of the type ${typeof value}.`);
}

function unsupported(method: string): () => never {
  return () => {
    throw new Error(`${method} of D1 is not available in a script.`);
  };
}
