import { type SQL, sql } from 'drizzle-orm';
import type { Role } from '../core/rights.ts';
import { type AuditEntry, auditIfChangedStatement } from './audit-log.ts';
import type { Database } from './client.ts';

/**
 * Who changes a team: a member, who must still have one of these roles when the change is written. null: somebody who needs
 * no role there, such as an operator or the person who is invited.
 */
export type Changer = { readonly personId: string; readonly roles: readonly Role[] } | null;

/** How a change of a team is written. */
export interface TeamWrite {
  readonly changer: Changer;
  /** The entry to write together with the change, if that changes something. null: it is written in another database. */
  readonly audit: AuditEntry | null;
}

/** True while the changer may change this organisation: held in the statement, because the right was read before it. */
export function mayStillChange(organisationId: string, changer: Changer): SQL {
  if (changer === null) return sql`TRUE`;
  const { personId, roles } = changer;
  return sql`EXISTS (SELECT 1 FROM members AS changer WHERE changer.organisation_id = ${organisationId}
    AND changer.person_id = ${personId} AND changer.role IN ${[...roles]})`;
}

/** The statement that writes the entry, right behind that of the change in its batch. */
export function auditStatements(directory: Database, audit: AuditEntry | null) {
  return audit === null ? [] : [auditIfChangedStatement(directory, audit)];
}
