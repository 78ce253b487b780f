import { sql } from 'drizzle-orm';
import type { Database } from './client.ts';
import { auditLog } from './schema.ts';

/** Who did what to which object. `actor`: `key:<id>`, `stripe`, `cron`, `operator` or `system`. */
export interface AuditEntry {
  readonly workspaceId: string;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly requestId: string | null;
}

/** The entry as a statement for the batch of the change it speaks of. */
export function auditStatement(database: Database, entry: AuditEntry) {
  return database.insert(auditLog).values(entry);
}

/** Like `auditStatement`, but writes nothing unless the statement right before it in the batch changed a row. */
export function auditIfChangedStatement(database: Database, entry: AuditEntry) {
  return database.run(sql`INSERT INTO ${auditLog} (workspace_id, at, actor, action, object, request_id)
    SELECT ${entry.workspaceId}, ${entry.at}, ${entry.actor}, ${entry.action}, ${entry.object}, ${entry.requestId}
    WHERE changes() > 0`);
}
