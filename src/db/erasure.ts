import { and, eq, inArray, sql } from 'drizzle-orm';
import { type AuditEntry, auditStatement } from './audit-log.ts';
import type { Database } from './client.ts';
import { deliveries, deliveryAttempts, events, payments, quarantinedStripeEvents } from './schema.ts';

/**
 * Erases a buyer's e-mail and metadata from their payments, the e-mail from the stored event bodies, and what endpoints
 * answered to those events, in one batch. Stripe events of the workspace's accounts that were set aside go as a whole where
 * their body contains the address. `email` is compared with the stored one, without regard to case: the address given at
 * Stripe where there was one, else that of the request. Answers the number of payments.
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
  // That of now, and those that were charged before it.
  const accounts = sql`(SELECT stripe_account_id FROM connected_accounts WHERE workspace_id = ${workspaceId}
    UNION SELECT stripe_account_id FROM payments WHERE id IN ${theirs})`;
  const livemode = sql`(SELECT mode = 'live' FROM workspaces WHERE id = ${workspaceId})`;
  const [, , , erased] = await database.batch([
    // First: which accounts these are, the payments below no longer say.
    database
      .delete(quarantinedStripeEvents)
      .where(
        and(
          sql`${quarantinedStripeEvents.stripeAccountId} IN ${accounts}`,
          sql`${quarantinedStripeEvents.livemode} = ${livemode}`,
          sql`instr(lower(${quarantinedStripeEvents.body}), lower(${email})) > 0`,
        ),
      ),
    database
      .update(deliveryAttempts)
      .set({ responseBody: '' })
      .where(inArray(deliveryAttempts.deliveryId, theirDeliveries)),
    database
      .update(events)
      .set({ body: sql`json_replace(${events.body}, '$.data.customer_email', NULL)` })
      .where(theirEvents),
    database
      .update(payments)
      .set({ customerEmail: null, metadata: {} })
      .where(inArray(payments.id, theirs))
      .returning({ id: payments.id }),
    auditStatement(database, audit),
  ]);
  return erased.length;
}
