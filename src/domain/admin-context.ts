import type { AuditEntry } from '../db/audit-log.ts';
import type { Database } from '../db/client.ts';

/** What administering needs: the operator acts on any workspace, and says who they are. */
export interface AdminContext {
  readonly database: Database;
  readonly shard: string;
  readonly now: () => number;
  /** For the audit log, e.g. `operator`. */
  readonly actor: string;
}

/** The audit entry of an operator's change. */
export function adminAudit(context: AdminContext, workspaceId: string, action: string, object: string): AuditEntry {
  return { workspaceId, at: context.now(), actor: context.actor, action, object, requestId: null };
}
