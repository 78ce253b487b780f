import { type SQL, sql } from 'drizzle-orm';
import { deliveryIdFor } from '../../../src/core/derive.ts';
import { shardIndex } from '../../../src/core/ids.ts';
import { insertEach } from '../../../src/db/insert-if.ts';
import type { PaymentLink } from '../../../src/db/payment-links.ts';
import { auditLog, deliveries, disputes, events, payments, refunds, workspaces } from '../../../src/db/schema.ts';
import { accountOf } from '../support/api.ts';
import { exampleEvent } from '../support/documented.ts';
import { addEndpointRow } from '../support/endpoint-rows.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** Written history ends this long ago (ms), so that what a test does itself is always newer. */
const ENDS_BEFORE_NOW = 60 * 60_000;
/** All history lies in the 29 days before: none of it is old enough to be deleted. */
const SPAN_MS = 29 * 24 * 60 * 60_000;
/** Every fourth row of history is the shop's, the others are of three other workspaces. */
const WORKSPACES = 4;
const ROWS_AT_ONCE = 20_000;
/** Each buyer has as many rows of each kind as every other one. */
const TURNS_OF_BUYER = 220;
/** The row of a paid payment of the shop, through its link, whose delivery has failed. */
export const SAMPLE = 132;

/** A shop with a link through which a third of its payments come, and with other workspaces around it. */
export interface Shop extends TestWorkspace {
  readonly hotLink: PaymentLink;
  readonly endpointId: string;
  readonly others: readonly string[];
  /** When the latest row of history was made, and how far (ms) one row lies from the next. */
  readonly endsAt: number;
  readonly stepMs: number;
}

/** Makes the shop. `most`: how many rows of history it will have at the end. */
export async function newShop(most: number): Promise<Shop> {
  const shop = await newWorkspace({ webhook: false, scopes: ['service.payments.*', 'service.payments.keys.write'] });
  const { id: endpointId } = await addEndpointRow(shop);
  const hotLink = await shop.link({ title: 'Season ticket' });
  const now = Date.now();
  const others = Array.from({ length: WORKSPACES - 1 }, () => crypto.randomUUID());
  await shop.database
    .insert(workspaces)
    .values(others.map((id) => ({ ...shop.workspace, id, pairId: id, createdAt: now, updatedAt: now })));
  const endsAt = now - (now % 1000) - ENDS_BEFORE_NOW;
  return { ...shop, hotLink, endpointId, others, endsAt, stepMs: Math.floor(SPAN_MS / most) };
}

/** The ids of one row of the shop's history, which both sizes have. */
export function sampleIds({ shard, endpointId, endsAt, stepMs }: Shop) {
  const event = `evt_${shard}${String(SAMPLE).padStart(32, '0')}`;
  return {
    payment: shardIndex(shard) * 2 ** 47 + (endsAt - SAMPLE * stepMs - Date.UTC(2026, 0, 1)) * 128,
    event,
    delivery: deliveryIdFor(event, endpointId),
  };
}

/** The time of the shop's payment with this number: the first is the latest one. */
export function timeOf({ endsAt, stepMs }: Shop, number: number): number {
  return endsAt - number * WORKSPACES * stepMs;
}

/**
 * Writes the rows of history from number `from` to `to`, both included: further rows are older. Of twenty sessions five
 * have failed, nine are paid (one of them is still processing, if it is among the latest) and six have expired. Of those that are paid four are refunded, and one
 * each is refunded in part, has a failed refund, a dispute, a failed delivery.
 */
export async function addHistory(shop: Shop, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += ROWS_AT_ONCE) {
    await addRows(shop, first, Math.min(to, first + ROWS_AT_ONCE - 1));
  }
}

/** A number of the row, the same for four rows in turn: one of each workspace. */
const turn = sql`(made.i / ${sql.raw(String(WORKSPACES))})`;
/** What became of the session: see `addHistory`. */
const kind = sql`(${turn} % 20)`;
const isPayment = sql`${kind} < 14`;
/** A payment is processing for some days at most: only the latest ones are. */
const isProcessing = sql`(${kind} = 5 AND ${turn} < 100)`;

async function addRows(shop: Shop, first: number, last: number): Promise<void> {
  const { database, shard } = shop;
  const rows = (condition: SQL) =>
    sql`FROM (WITH RECURSIVE numbers(i) AS (SELECT CAST(${first} AS INTEGER) UNION ALL SELECT i + 1 FROM numbers WHERE i < ${last})
      SELECT i FROM numbers) AS made WHERE ${condition}`;
  const at = sql`(${shop.endsAt} - made.i * ${shop.stepMs})`;
  const rowId = sql`(${shardIndex(shard) * 2 ** 47} + (${at} - ${Date.UTC(2026, 0, 1)}) * 128)`;
  const ofWorkspace = (own: SQL, others: readonly SQL[]) =>
    sql`CASE made.i % ${sql.raw(String(WORKSPACES))} WHEN 0 THEN ${own} ${sql.join(
      others.map((other, index) => sql`WHEN ${index + 1} THEN ${other}`),
      sql` `,
    )} END`;
  const workspaceId = ofWorkspace(
    sql`${shop.workspace.id}`,
    shop.others.map((id) => sql`${id}`),
  );
  const endpointId = ofWorkspace(
    sql`${shop.endpointId}`,
    shop.others.map((id) => sql`${`we_${shard}${id.replaceAll('-', '')}`}`),
  );
  const eventId = sql`('evt_' || ${shard} || printf('%032d', made.i))`;
  const deliveryId = sql`('dlv_' || substr(${eventId}, 5) || substr(${endpointId}, 5))`;
  const stamps = { createdAt: at, updatedAt: at };
  await database.batch([
    insertEach(
      database,
      payments,
      {
        id: rowId,
        workspaceId,
        operationId: sql`'op_' || ${shard} || 'history' || made.i`,
        stripeAccountId: accountOf(shop.account),
        stripeSessionId: sql`'cs_test_history' || made.i`,
        stripePaymentIntentId: sql`CASE WHEN ${isPayment} THEN 'pi_history' || made.i END`,
        paymentLinkId: sql`CASE WHEN made.i % 12 = 0 THEN ${shop.hotLink.id} END`,
        status: sql`CASE WHEN ${kind} < 5 THEN 'failed' WHEN ${isProcessing} THEN 'processing' WHEN ${isPayment} THEN 'succeeded'
          ELSE 'expired' END`,
        history: [],
        amountMinor: 4999,
        currency: 'GBP',
        description: null,
        reference: sql`CASE WHEN ${turn} % 7 < 4 THEN 'season' ELSE 'order-' || made.i END`,
        customerEmail: sql`CASE WHEN ${turn} % 11 < 6 THEN 'desk@example.com'
          ELSE 'buyer' || (${turn} / ${sql.raw(String(TURNS_OF_BUYER))}) || '@example.com' END`,
        metadata: { order: '1001' },
        apiKeyId: null,
        checkoutUrl: null,
        expiresAt: sql`${at} + 1800000`,
        nextCheckAt: null,
        checks: 0,
        ...stamps,
      },
      rows(sql`TRUE`),
    ),
    insertEach(
      database,
      refunds,
      {
        id: rowId,
        workspaceId,
        paymentId: rowId,
        operationId: null,
        stripeRefundId: sql`'re_history' || made.i`,
        status: sql`CASE WHEN ${kind} = 11 THEN 'failed' ELSE 'succeeded' END`,
        history: [],
        failureReason: null,
        amountMinor: sql`CASE WHEN ${kind} = 10 THEN 1000 ELSE 4999 END`,
        currency: 'GBP',
        reason: null,
        ...stamps,
      },
      rows(sql`${kind} BETWEEN 6 AND 11`),
    ),
    insertEach(
      database,
      disputes,
      {
        id: rowId,
        workspaceId,
        paymentId: rowId,
        stripeDisputeId: sql`'dp_history' || made.i`,
        status: 'lost',
        amountMinor: 4999,
        currency: 'GBP',
        reason: 'fraudulent',
        closedAt: at,
        stateAsOf: at,
        ...stamps,
      },
      rows(sql`${kind} = 12`),
    ),
    insertEach(
      database,
      events,
      {
        id: eventId,
        workspaceId,
        type: sql`CASE WHEN ${kind} < 5 THEN 'payments.payment.failed' WHEN ${isProcessing} THEN 'payments.payment.processing'
          ELSE 'payments.payment.succeeded' END`,
        paymentId: rowId,
        body: sql`json_set(${JSON.stringify(exampleEvent('payments.payment.succeeded'))}, '$.id', ${eventId},
          '$.data.payment_id', ${rowId})`,
        createdAt: at,
      },
      rows(isPayment),
    ),
    insertEach(
      database,
      deliveries,
      {
        id: deliveryId,
        workspaceId,
        eventId,
        endpointId,
        status: sql`CASE WHEN ${kind} = 13 THEN 'failed' ELSE 'succeeded' END`,
        failureReason: null,
        outsideSubscription: false,
        attemptCount: 1,
        restartedAt: null,
        attemptsBefore: 0,
        nextAttemptAt: null,
        claim: null,
        attempts: [{ number: 1, at: shop.endsAt, statusCode: 200, durationMs: 12, error: null, responseBody: 'OK' }],
        ...stamps,
      },
      rows(isPayment),
    ),
    insertEach(
      database,
      auditLog,
      {
        id: rowId,
        workspaceId,
        at,
        actor: 'operator',
        action: 'link.update',
        object: 'lnk_0',
        requestId: null,
        address: null,
      },
      rows(sql`${kind} >= 10`),
    ),
  ]);
}
