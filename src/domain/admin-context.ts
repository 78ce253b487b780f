import type { AuditEntry } from '../db/audit-log.ts';
import type { Database } from '../db/client.ts';

/** What administering needs: whoever acts, on any workspace that they were let to. */
export interface AdminContext {
  readonly database: Database;
  readonly shard: string;
  readonly now: () => number;
  /** For the audit log: `operator`, or `key:<id>` where a request acts. */
  readonly actor: string;
  readonly requestId?: string | null;
}

/** The audit entry of a change made in this context. */
export function adminAudit(context: AdminContext, workspaceId: string, action: string, object: string): AuditEntry {
  return { workspaceId, at: context.now(), actor: context.actor, action, object, requestId: context.requestId ?? null };
}
