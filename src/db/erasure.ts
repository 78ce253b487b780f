import { and, eq, inArray, sql } from 'drizzle-orm';
import { type AuditEntry, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { deliveries, deliveryAttempts, events, payments } from './schema.ts';

/**
 * Erases a buyer's e-mail and metadata from their payments, the e-mail from the stored event bodies, and what endpoints
 * answered to those events, in one batch. Answers the number of payments.
 */
export async function erasePaymentsOfEmail(
  database: Database,
  workspaceId: string,
  email: string,
  audit: AuditEntry,
): Promise<number> {
  const theirs = database
    .select({ id: payments.id })
    .from(payments)
    .where(and(eq(payments.workspaceId, workspaceId), sql`lower(${payments.customerEmail}) = lower(${email})`));
  const theirEvents = and(eq(events.workspaceId, workspaceId), inArray(events.paymentId, theirs));
  const theirDeliveries = database
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(inArray(deliveries.eventId, database.select({ id: events.id }).from(events).where(theirEvents)));
  const [, , erased] = await database.batch([
    database
      .update(deliveryAttempts)
      .set({ responseBody: '' })
      .where(inArray(deliveryAttempts.deliveryId, theirDeliveries)),
    database
      .update(events)
      .set({ body: sql`json_set(${events.body}, '$.data.customer_email', NULL)` })
      .where(theirEvents),
    database
      .update(payments)
      .set({ customerEmail: null, metadata: {}, updatedAt: audit.at })
      .where(inArray(payments.id, theirs))
      .returning({ id: payments.id }),
    auditStatement(database, audit),
  ]);
  return erased.length;
}
