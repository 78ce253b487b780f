import { and, eq, sql } from 'drizzle-orm';
import { type AuditEntry, auditStatement } from './audit-log.ts';
import { type Database, preparedOnce } from './client.ts';
import { paymentLinks } from './schema.ts';

export type PaymentLink = typeof paymentLinks.$inferSelect;

const byToken = preparedOnce((database) =>
  database
    .select()
    .from(paymentLinks)
    .where(
      and(
        eq(paymentLinks.token, sql.placeholder('token')),
        eq(paymentLinks.workspaceId, sql.placeholder('workspaceId')),
      ),
    )
    .limit(1)
    .prepare(),
);

/** A link of this workspace by its token, or null: the same for an unknown one and for another workspace's. */
export async function findPaymentLink(
  database: Database,
  workspaceId: string,
  token: string,
): Promise<PaymentLink | null> {
  const [row] = await byToken(database).all({ token, workspaceId });
  return row ?? null;
}

/** Writes a new link and answers its row. `firstId`: the shard's first row id. */
export async function insertPaymentLink(
  database: Database,
  link: Omit<PaymentLink, 'id'>,
  firstId: number,
  audit: AuditEntry,
): Promise<PaymentLink> {
  const [inserted] = await database.batch([
    database
      .insert(paymentLinks)
      .values({ ...link, id: sql`(SELECT coalesce(max(id), ${firstId}) + 1 FROM payment_links)` })
      .returning(),
    auditStatement(database, audit),
  ]);
  const [row] = inserted;
  if (!row) throw new Error('The database answered an insert without its row');
  return row;
}
