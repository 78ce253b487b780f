import { type SQL, sql } from 'drizzle-orm';
import type { AuditAction } from '../core/audit-actions.ts';
import { rowIdRange } from '../core/row-ids.ts';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import { newRowId, type RowOrigin } from './row-ids.ts';
import { auditLog } from './schema.ts';

/** Who did what to which object, and when (unix ms). `actor`: `key:<id>`, `person:<id>`, `buyer`, `stripe`, `cron`, `operator` or `system`. */
export interface AuditEntry extends RowOrigin {
  readonly workspaceId: string;
  readonly actor: string;
  readonly action: AuditAction;
  readonly object: string;
  readonly requestId: string | null;
  /** The IP address of the person who did it; null: it was no person. */
  readonly address: string | null;
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

/**
 * Like `auditStatement`, but writes nothing where the workspace has an entry of this action about this object already. Looks
 * only at entries from `since` on (unix ms).
 */
export function auditOnceStatement(database: Database, entry: AuditEntry, since: number) {
  const { from } = rowIdRange(entry.shard, { after: since, before: null });
  const isNew = sql`NOT EXISTS (SELECT 1 FROM audit_log AS entry WHERE entry.workspace_id = ${entry.workspaceId}
    AND entry.id >= ${from} AND entry.action = ${entry.action} AND entry.object = ${entry.object})`;
  return insertIf(database, auditLog, toRow(entry), isNew);
}

function toRow({ shard, ...entry }: AuditEntry) {
  return { ...entry, id: newRowId(auditLog, { shard, at: entry.at }) };
}
