import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { insertIf } from './insert-if.ts';
import { auditLog } from './schema.ts';

/** Who did what to which object, and when (unix ms). `actor`: `key:<id>`, `buyer`, `stripe`, `cron`, `operator` or `system`. */
export interface AuditEntry {
  readonly workspaceId: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly requestId: string | null;
}

/** A statement that writes an audit entry, for the batch of the change that the entry is about. */
export function auditStatement(database: Database, entry: AuditEntry) {
  return database.insert(auditLog).values(entry);
}

/** Like `auditStatement`, but writes nothing unless the statement right before it in the batch changed a row. */
export function auditIfChangedStatement(database: Database, entry: AuditEntry) {
  return insertIf(database, auditLog, { id: sql`NULL`, ...entry }, sql`changes() > 0`);
}
