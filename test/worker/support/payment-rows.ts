import { accountOf } from './api.ts';
import type { TestWorkspace } from './workspace.ts';

export interface SeededPayments {
  readonly status?: string;
  readonly reference?: string | null;
  readonly email?: string | null;
  readonly paymentLinkId?: number | null;
  readonly createdAt?: number;
}

/** Writes payments straight into the database, each a millisecond later than the one before. Answers their ids, oldest first. */
export async function seedPayments(shop: TestWorkspace, count: number, as: SeededPayments = {}): Promise<number[]> {
  const { status = 'succeeded', reference = null, email = null, paymentLinkId = null, createdAt = Date.now() } = as;
  const { workspace } = shop;
  const operation = crypto.randomUUID();
  const { results } = await shop.binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
     INSERT INTO payments (id, workspace_id, operation_id, stripe_account_id, stripe_session_id, stripe_payment_intent_id,
       payment_link_id, status, history, amount_minor, currency, reference, customer_email, metadata, expires_at, checks,
       created_at, updated_at)
     SELECT (SELECT coalesce(max(id), 0) FROM payments) + n, ?2, ?3 || n, ?4, 'cs_test_' || ?3 || n, 'pi_' || ?3 || n, ?5, ?6,
       '[]', 4999, 'GBP', ?7, ?8, '{}', ?9 + 1800000, 0, ?9 + n, ?9 + n FROM numbers RETURNING id`,
    )
    .bind(
      count,
      workspace.id,
      operation.replaceAll('-', ''),
      accountOf(shop.account),
      paymentLinkId,
      status,
      reference,
      email,
      createdAt,
    )
    .all<{ id: number }>();
  return results.map(({ id }) => id).sort((one, other) => one - other);
}

/** Writes a refund of a payment straight into the database. */
export async function seedRefund(
  shop: TestWorkspace,
  paymentId: number,
  amountMinor: number,
  status = 'succeeded',
): Promise<void> {
  await shop.binding
    .prepare(
      `INSERT INTO refunds (workspace_id, payment_id, stripe_refund_id, status, amount_minor, currency, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, 'GBP', ?, ?)`,
    )
    .bind(shop.workspace.id, paymentId, `re_${crypto.randomUUID()}`, status, amountMinor, Date.now(), Date.now())
    .run();
}
