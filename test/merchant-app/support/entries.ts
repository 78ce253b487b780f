import { type AuditEntry, auditStatement } from '../../../src/db/audit-log.ts';
import { directory, shardOne } from './team.ts';

/** Writes entries of the audit log of a workspace, in this order, a millisecond apart. */
export async function insertEntries(
  workspaceId: string,
  entries: readonly Pick<AuditEntry, 'actor' | 'action' | 'object'>[],
  shard: '0' | '1' = '0',
): Promise<void> {
  const database = shard === '0' ? directory : shardOne;
  const begin = Date.now();
  for (const [index, entry] of entries.entries()) {
    await auditStatement(database, { ...entry, workspaceId, shard, at: begin + index, requestId: null, address: null });
  }
}
