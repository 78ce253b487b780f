import { accountOf } from './api.ts';
import { exampleEvent } from './documented.ts';
import { freeBits, rowIdAt } from './payment-rows.ts';
import type { TestWorkspace } from './workspace.ts';

/** What repeats in the rows of a merchant: a page of any list is the same after each of so many payments. */
export const MERCHANT_PERIOD = 500;

/** The time between two payments of a merchant, ms. */
export const PAYMENT_EVERY_MS = 30_000;

/** When the first payment of a merchant is made, unix ms. */
export const FIRST_PAYMENT_AT = Date.UTC(2026, 1, 1);

/** A merchant with one link, one buyer and one reference that have many payments, which others share. */
export interface Merchant {
  readonly shop: TestWorkspace;
  readonly link: { readonly id: number; readonly token: string };
}

export const BUSY_EMAIL = 'Ada@example.com';
export const BUSY_REFERENCE = 'subscription';

// Of 100 payments, 40 are of the link, 20 of the buyer, 25 have the reference; 6 failed, 6 are processing, 6 were refunded, and
// 6 in part. Beside each payment an open or expired session was made for the link.
const SHARES = `(n * 37) % 100 < 40 AS is_link, (n * 41) % 100 < 20 AS is_buyer, n % 4 = 0 AS is_named,
  (n / 3 * 53) % 100 / 6 AS kind`;

/**
 * Adds payments to a merchant's rows, all newer than those before: numbers `from` to `to - 1`, each with its refund, its
 * event, and a session that nobody paid. Their numbers give their times (`FIRST_PAYMENT_AT`, `PAYMENT_EVERY_MS`).
 */
export async function seedMerchant({ shop, link }: Merchant, from: number, to: number): Promise<void> {
  const timeOf = (number: number) => FIRST_PAYMENT_AT + number * PAYMENT_EVERY_MS;
  const bits = await freeBits(shop, timeOf(from), timeOf(to));
  const key = crypto.randomUUID().replaceAll('-', '');
  const values = [from, to, rowIdAt(FIRST_PAYMENT_AT, bits, shop.shard), FIRST_PAYMENT_AT, shop.workspace.id, key];
  const numbers = `WITH RECURSIVE numbers(n) AS (SELECT CAST(?1 AS INTEGER) UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2 - 1),
    shares AS (SELECT n % ${MERCHANT_PERIOD} AS n, n AS number FROM numbers),
    rows AS (SELECT number, ?3 + number * ${PAYMENT_EVERY_MS} * 128 AS id, CAST(?4 AS INTEGER) + number * ${PAYMENT_EVERY_MS} AS at,
      ?5 AS workspace, ?6 AS seed, ${SHARES} FROM shares)`;
  const columns = `id, workspace_id, operation_id, stripe_account_id, stripe_session_id, stripe_payment_intent_id,
    payment_link_id, status, history, amount_minor, currency, reference, customer_email, metadata, expires_at, checks,
    created_at, updated_at`;
  const payments = `${numbers} INSERT INTO payments (${columns})
    SELECT id, workspace, seed || number, ?7, 'cs_test_' || seed || number, 'pi_' || seed || number,
      CASE WHEN is_link THEN ?8 END, CASE kind WHEN 0 THEN 'failed' WHEN 1 THEN 'processing' ELSE 'succeeded' END, '[]',
      5000, 'GBP', CASE WHEN is_named THEN '${BUSY_REFERENCE}' ELSE 'order ' || number END,
      CASE WHEN is_buyer THEN '${BUSY_EMAIL}' ELSE 'buyer' || number || '@example.com' END, '{}', at + 1800000, 0, at, at
    FROM rows`;
  const sessions = `${numbers} INSERT INTO payments (${columns})
    SELECT id + 7000 * 128, workspace, seed || 'x' || number, ?7, 'cs_test_x' || seed || number, NULL, ?8,
      CASE WHEN number % 50 = 0 THEN 'created' ELSE 'expired' END, '[]', 5000, 'GBP', '${BUSY_REFERENCE}', '${BUSY_EMAIL}', '{}',
      at + 1800000, 0, at + 7000, at + 7000 FROM rows`;
  const refunds = `${numbers} INSERT INTO refunds (id, workspace_id, payment_id, stripe_refund_id, status, amount_minor,
      currency, created_at, updated_at)
    SELECT id, workspace, id, 're_' || seed || number, 'succeeded', CASE kind WHEN 2 THEN 5000 ELSE 1000 END, 'GBP', at, at
    FROM rows WHERE kind IN (2, 3)`;
  const account = accountOf(shop.account);
  await shop.binding.batch([
    shop.binding.prepare(payments).bind(...values, account, link.id),
    shop.binding.prepare(sessions).bind(...values, account, link.id),
    shop.binding.prepare(refunds).bind(...values),
    ...EVENTS.map(([type, kinds, second]) =>
      shop.binding
        .prepare(
          `${numbers} INSERT INTO events (id, workspace_id, type, payment_id, body, created_at)
         SELECT 'evt_${shop.shard}' || substr(seed, 1, 20) || printf('%d%09d', ?8, number), workspace, ?7, id, json_object(
             'id', 'evt_${shop.shard}' || substr(seed, 1, 20) || printf('%d%09d', ?8, number), 'type', ?7,
             'created_at', strftime('%Y-%m-%dT%H:%M:%SZ', at / 1000 + ?8, 'unixepoch'), 'tenant_id', workspace,
             'data', json(?9)), at + ?8 * 1000
         FROM rows WHERE ${kinds}`,
        )
        .bind(...values, type, second, JSON.stringify(exampleEvent(type).data)),
    ),
  ]);
}

/** The types of a merchant's events, the payments that have one, and how many seconds after its payment it happens. */
const EVENTS = [
  ['payments.payment.failed', 'kind = 0', 1],
  ['payments.payment.processing', 'kind = 1', 2],
  ['payments.payment.succeeded', 'kind > 1', 3],
  ['payments.payment.refunded', 'kind IN (2, 3)', 4],
  ['payments.checkout.expired', 'number % 50 > 0', 5],
] as const;
