import { DEFAULT_SHARD, shardIndex } from '../../../src/core/ids.ts';
import { accountOf } from './api.ts';
import type { TestWorkspace } from './workspace.ts';

export interface SeededPayments {
  readonly status?: string;
  readonly reference?: string | null;
  readonly email?: string | null;
  readonly paymentLinkId?: number | null;
  readonly createdAt?: number;
}

const ROW_IDS_BEGIN = Date.UTC(2026, 0, 1);

/** The row id with this time (unix ms) and this value of its 7 random bits. */
export const rowIdAt = (ms: number, random: number, shard = DEFAULT_SHARD) =>
  shardIndex(shard) * 2 ** 47 + (ms - ROW_IDS_BEGIN) * 128 + random;

/** Random bits of a row id that no payment of the shop's database has between two times (unix ms). */
export async function freeBits({ binding, shard }: TestWorkspace, from: number, to: number): Promise<number> {
  const { results } = await binding
    .prepare('SELECT DISTINCT id % 128 AS bits FROM payments WHERE id BETWEEN ? AND ?')
    .bind(rowIdAt(from, 0, shard), rowIdAt(to, 127, shard))
    .all<{ bits: number }>();
  const taken = new Set(results.map(({ bits }) => bits));
  const free = Array.from({ length: 127 }, (_, bits) => bits).find((bits) => !taken.has(bits));
  if (free === undefined) throw new Error('Too many payments were seeded for the same time');
  return free;
}

/**
 * Writes payments straight into the database, each a millisecond later than the one before: the first one follows
 * `createdAt` (unix ms), and without it the last one is of now. Returns their ids, oldest first.
 */
export async function seedPayments(shop: TestWorkspace, count: number, as: SeededPayments = {}): Promise<number[]> {
  const { status = 'succeeded', reference = null, email = null, paymentLinkId = null } = as;
  const { createdAt = Date.now() - count } = as;
  const { workspace } = shop;
  const operation = crypto.randomUUID();
  const firstId = rowIdAt(createdAt, await freeBits(shop, createdAt + 1, createdAt + count), shop.shard);
  const { results } = await shop.binding
    .prepare(
      `WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
     INSERT INTO payments (id, workspace_id, operation_id, stripe_account_id, stripe_session_id, stripe_payment_intent_id,
       payment_link_id, status, history, amount_minor, currency, reference, customer_email, metadata, expires_at, checks,
       created_at, updated_at)
     SELECT ?10 + n * 128, ?2, ?3 || n, ?4, 'cs_test_' || ?3 || n, 'pi_' || ?3 || n, ?5, ?6,
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
      firstId,
    )
    .all<{ id: number }>();
  return results.map(({ id }) => id).sort((one, other) => one - other);
}

/** Writes one refund of each of these payments straight into the database. */
export async function seedRefunds({ workspace, binding }: TestWorkspace, paymentIds: readonly number[]): Promise<void> {
  await binding
    .prepare(
      `INSERT INTO refunds (workspace_id, payment_id, stripe_refund_id, status, amount_minor, currency, created_at, updated_at)
     SELECT ?1, value, 're_' || value, 'succeeded', 100, 'GBP', ?2, ?2 FROM json_each(?3)`,
    )
    .bind(workspace.id, Date.now(), JSON.stringify(paymentIds))
    .run();
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
