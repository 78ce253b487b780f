import { type SQL, sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import { newRowId, type RowOrigin } from './row-ids.ts';
import { auditLog } from './schema.ts';

/** Who did what to which object, and when (unix ms). `actor`: `key:<id>`, `buyer`, `stripe`, `cron`, `operator` or `system`. */
export interface AuditEntry extends RowOrigin {
  readonly workspaceId: string;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly requestId: string | null;
}

/** A statement that writes an audit entry, for the batch of the change that the entry is about. */
export function auditStatement(database: Database, entry: AuditEntry) {
  return database.insert(auditLog).values(toRow(entry));
}

/**
 * Like `auditStatement`, but writes nothing unless the statement right before it in the batch changed a row, or `or` is
 * true.
 */
export function auditIfChangedStatement(database: Database, entry: AuditEntry, or: SQL = sql`FALSE`) {
  return insertIf(database, auditLog, toRow(entry), sql`changes() > 0 OR ${or}`);
}

function toRow({ shard, ...entry }: AuditEntry) {
  return { ...entry, id: newRowId(auditLog, { shard, at: entry.at }) };
}
