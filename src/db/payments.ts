import { and, asc, eq, getTableColumns, inArray, isNotNull, isNull, lte, type SQL, sql } from 'drizzle-orm';
import { madeOnce } from '../core/made-once.ts';
import type { Database, Statement } from './client.ts';
import { lateRowId, newRowId, type RowOrigin } from './row-ids.ts';
import { paymentLinks, payments } from './schema.ts';

const { checkoutUrl: _, ...paymentColumns } = getTableColumns(payments);

export type Payment = Omit<typeof payments.$inferSelect, 'checkoutUrl'>;
export type PaymentStatus = Payment['status'];

/** A payment with what else its answers show. `refundedMinor`: the sum of the refunds that have not failed, in minor units. */
export interface PaymentView extends Payment {
  readonly paymentLinkToken: string | null;
  readonly paymentLinkTitle: string | null;
  /** How many payments the link takes; null: no limit, or no link. */
  readonly maxPayments: number | null;
  /** How many payments of the link have succeeded, this one included; null: no link. */
  readonly paidCount: number | null;
  readonly refundedMinor: number;
  /** True where refunds are stored, also if all of them failed. */
  readonly hasRefunds: boolean;
}

/** The statuses from which each one may be reached: only forwards, but also from `failed` and `expired` to `succeeded`. */
const REACHED_FROM: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  created: [],
  processing: ['created'],
  succeeded: ['created', 'processing', 'failed', 'expired'],
  failed: ['created', 'processing'],
  expired: ['created'],
};

/** True where a payment may go from the status `from` to the status `to`. */
export function mayBecome(from: PaymentStatus, to: PaymentStatus): boolean {
  return REACHED_FROM[to].includes(from);
}

/** SQL for the sum of a payment's refunds that have not failed, in minor units. Includes those written before in its batch. */
export function refundedMinorOf({ workspaceId, id }: { workspaceId: string | SQL; id: number | SQL }): SQL<number> {
  return sql<number>`(SELECT coalesce(sum(amount_minor), 0) FROM refunds WHERE refunds.workspace_id = ${workspaceId}
  AND refunds.payment_id = ${id} AND refunds.status NOT IN ('failed', 'canceled'))`;
}

/** SQL for what was refunded of a payment, in minor units, in a query over `payments`. See `refundedMinorOf`. */
export const refundedMinor = refundedMinorOf({ workspaceId: sql`payments.workspace_id`, id: sql`payments.id` });

const hasRefunds = sql`EXISTS (SELECT 1 FROM refunds WHERE refunds.workspace_id = payments.workspace_id
  AND refunds.payment_id = payments.id)`.mapWith(Boolean);

/** What answers show of a payment, for a query that joins `payment_links`. `toPaymentView` reads a row. */
export const paymentView = {
  payment: paymentColumns,
  paymentLinkToken: paymentLinks.token,
  paymentLinkTitle: paymentLinks.title,
  maxPayments: paymentLinks.maxPayments,
  paidCount: paymentLinks.paidCount,
  refundedMinor,
  hasRefunds,
};

/** Selects payments with what their answers show. Every caller adds a `where`. `toPaymentView` reads a row. */
export function selectPaymentView(database: Database) {
  return database
    .select(paymentView)
    .from(payments)
    .leftJoin(paymentLinks, eq(paymentLinks.id, payments.paymentLinkId));
}

type ViewRow = { payment: Payment } & Omit<PaymentView, keyof Payment>;

/** Reads a row of `selectPaymentView`. */
export function toPaymentView({ payment, ...beside }: ViewRow): PaymentView {
  return { ...payment, ...beside };
}

const byId = madeOnce((database: Database) =>
  selectPaymentView(database)
    .where(and(eq(payments.id, sql.placeholder('id')), eq(payments.workspaceId, sql.placeholder('workspaceId'))))
    .limit(1)
    .prepare(),
);

/** A checkout session or payment of this workspace by its row id. null: this workspace has no such row. */
export async function findPayment(database: Database, workspaceId: string, id: number): Promise<PaymentView | null> {
  const [row] = await byId(database).all({ id, workspaceId });
  return row ? toPaymentView(row) : null;
}

async function findOne(database: Database, isIt: SQL | undefined): Promise<PaymentView | null> {
  const [row] = await selectPaymentView(database).where(isIt).limit(1);
  return row ? toPaymentView(row) : null;
}

/** The payment of this workspace that an operation has written. null: it has written none yet. */
export async function findPaymentByOperation(
  database: Database,
  workspaceId: string,
  operationId: string,
): Promise<PaymentView | null> {
  return await findOne(database, isOperationOf({ operationId, workspaceId }));
}

/** A statement for the payment of a Stripe session, of any workspace: the caller must compare the workspace. */
export function paymentBySessionStatement(database: Database, stripeSessionId: string) {
  return selectPaymentView(database).where(eq(payments.stripeSessionId, stripeSessionId)).limit(1);
}

/** The payment of a Stripe session, of any workspace. null: none is stored. */
export async function findPaymentBySession(database: Database, stripeSessionId: string): Promise<PaymentView | null> {
  return await findOne(database, eq(payments.stripeSessionId, stripeSessionId));
}

/** The payment of a Stripe session, if the payment link with this token made it: a buyer may see it. null: no such payment. */
export async function findPaymentOfLink(
  database: Database,
  token: string,
  stripeSessionId: string,
): Promise<PaymentView | null> {
  return await findOne(database, and(eq(payments.stripeSessionId, stripeSessionId), eq(paymentLinks.token, token)));
}

/** SQL for the row id of a Stripe session's payment, for further statements of the batch that writes the payment. */
export function paymentIdBySession(stripeSessionId: string): SQL<number> {
  return sql<number>`(SELECT id FROM payments WHERE stripe_session_id = ${stripeSessionId})`;
}

/** The payment of this workspace with this Stripe payment intent. null: no such payment. */
export async function findPaymentByIntent(
  database: Database,
  workspaceId: string,
  paymentIntentId: string,
): Promise<PaymentView | null> {
  const isIt = and(eq(payments.stripePaymentIntentId, paymentIntentId), eq(payments.workspaceId, workspaceId));
  return await findOne(database, isIt);
}

type NewPayment = Omit<Payment, 'id'>;
type Shard = Pick<RowOrigin, 'shard'>;

/**
 * Writes the payment of an operation, and returns the payment's row. If the operation has a row already, it writes
 * nothing and returns that row. The row id contains the payment's `createdAt`. `next`: further statements for the same
 * batch, which run in either case, right after the insert. null: another workspace has the operation.
 */
export async function insertPayment(
  database: Database,
  payment: NewPayment,
  { shard }: Shard,
  next: readonly Statement[] = [],
): Promise<Payment | null> {
  return await insertWithId(database, { ...payment, id: newRowId(payments, { shard, at: payment.createdAt }) }, next);
}

/**
 * The same for a payment whose session was made at Stripe long before. The statements of `next` find the row by
 * `paymentIdBySession`.
 */
export async function insertAdoptedPayment(
  database: Database,
  payment: NewPayment,
  { shard }: Shard,
  next: readonly Statement[],
): Promise<Payment | null> {
  const id = lateRowId(payments, { shard, at: payment.createdAt }, payment.stripeSessionId);
  return await insertWithId(database, { ...payment, id }, next);
}

async function insertWithId(
  database: Database,
  payment: NewPayment & { readonly id: SQL<number> },
  next: readonly Statement[],
): Promise<Payment | null> {
  const insert = database.insert(payments).values(payment).onConflictDoNothing({ target: payments.operationId });
  const written = database.select(paymentColumns).from(payments).where(isOperationOf(payment));
  const [, ...results] = await database.batch([insert, ...next, written]);
  return results.at(-1)?.[0] ?? null;
}

function isOperationOf({ operationId, workspaceId }: Pick<Payment, 'operationId' | 'workspaceId'>): SQL | undefined {
  return and(eq(payments.operationId, operationId), eq(payments.workspaceId, workspaceId));
}

function isRowOf({ id, workspaceId }: Payment): SQL | undefined {
  return and(eq(payments.id, id), eq(payments.workspaceId, workspaceId));
}

type StatusChange = Pick<Payment, 'status' | 'nextCheckAt' | 'updatedAt' | 'stripePaymentIntentId' | 'customerEmail'>;

/**
 * A statement that changes a payment's status, with what Stripe reports beside it. `payment`: the payment as it was read.
 * The statement changes nothing where the status would not go forwards.
 */
export function changeStatusStatement(database: Database, payment: Payment, change: StatusChange) {
  const { status, updatedAt, nextCheckAt } = change;
  // A column that is set is also written into its indexes, even if its value stays the same.
  const changed = <V>(before: V, now: V) => (now === before ? undefined : now);
  const stripePaymentIntentId = changed(payment.stripePaymentIntentId, change.stripePaymentIntentId);
  const customerEmail = changed(payment.customerEmail, change.customerEmail);
  const history = sql`json_insert(${payments.history}, '$[#]', json_object('status', ${status}, 'at', ${updatedAt}))`;
  return database
    .update(payments)
    .set({ status, updatedAt, nextCheckAt, stripePaymentIntentId, customerEmail, history })
    .where(and(isRowOf(payment), inArray(payments.status, [...REACHED_FROM[status]])));
}

/** Sessions of all workspaces whose next check at Stripe is due, the longest due first. */
export async function listDuePayments(database: Database, now: number, limit: number): Promise<PaymentView[]> {
  const rows = await selectPaymentView(database)
    .where(and(isNotNull(payments.nextCheckAt), lte(payments.nextCheckAt, now)))
    .orderBy(asc(payments.nextCheckAt))
    .limit(limit);
  return rows.map(toPaymentView);
}

/** Puts off the next check of sessions, each to its `nextCheckAt` (null: never), in one statement. Skips settled sessions. */
export async function postponeChecks(
  database: Database,
  postponed: readonly { readonly payment: Payment; readonly nextCheckAt: number | null }[],
): Promise<void> {
  const rows = postponed.map(({ payment, nextCheckAt }) => [payment.id, payment.workspaceId, nextCheckAt]);
  await database.run(sql`UPDATE payments SET next_check_at = value ->> 2, checks = checks + 1
    FROM json_each(${JSON.stringify(rows)})
    WHERE payments.id = value ->> 0 AND payments.workspace_id = value ->> 1 AND payments.next_check_at IS NOT NULL`);
}

/**
 * Undoes `postponeChecks` for payments that were not checked, in one statement: none loses its turn. `before`: each
 * payment as it was read before, and when its check is due now. Skips payments that were settled or checked meanwhile.
 */
export async function restoreChecks(
  database: Database,
  before: readonly { readonly payment: Payment; readonly nextCheckAt: number | null }[],
): Promise<void> {
  const rows = before.map(({ payment: { id, workspaceId, checks, status }, nextCheckAt }) => [
    id,
    workspaceId,
    nextCheckAt,
    checks,
    status,
  ]);
  await database.run(sql`UPDATE payments SET next_check_at = value ->> 2, checks = value ->> 3
    FROM json_each(${JSON.stringify(rows)})
    WHERE payments.id = value ->> 0 AND payments.workspace_id = value ->> 1
      AND payments.checks = (value ->> 3) + 1 AND payments.status = value ->> 4`);
}

/** A statement that sets when the payment is next compared with Stripe: `nextCheckAt`, unix ms. null: never again. */
export function postponeCheckStatement(database: Database, payment: Payment, nextCheckAt: number | null) {
  return database
    .update(payments)
    .set({ nextCheckAt, checks: payment.checks + 1 })
    .where(and(isRowOf(payment), isNotNull(payments.nextCheckAt)));
}

/** A statement that makes the check of a session due now. It changes nothing where the session's status is final. */
export function checkAgainStatement(database: Database, payment: Payment, now: number) {
  return database
    .update(payments)
    .set({ nextCheckAt: now })
    .where(and(isRowOf(payment), inArray(payments.status, ['created', 'processing'])));
}

/** A statement that stores the payment intent of a payment. It changes nothing where the payment has one already. */
export function linkPaymentIntentStatement(database: Database, payment: Payment, paymentIntentId: string) {
  return database
    .update(payments)
    .set({ stripePaymentIntentId: paymentIntentId })
    .where(and(isRowOf(payment), isNull(payments.stripePaymentIntentId)));
}
