import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { nextSessionCheck } from '../../core/schedules.ts';
import {
  listDuePayments,
  type Payment,
  postponeCheckStatement,
  postponeChecks,
  restoreChecks,
} from '../../db/payments.ts';
import { quarantineStatement } from '../../db/stripe-events.ts';
import { findWorkspace } from '../../db/workspaces.ts';
import { type Page, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import { type Context, inWorkspace, type PlatformContext } from '../context.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { refusingViolations } from '../payments/settle-result.ts';

/** The `type` of a quarantined session that was read from Stripe, not reported by a Stripe event. */
export const QUARANTINED_SESSION_TYPE = 'checkout.session';
/** Up to this many due sessions of similar age are read one by one; more are read from the account's list. */
const ONE_BY_ONE = 2;
/** After this many list pages without a due session, the due sessions not found yet are read one by one. */
const EMPTY_PAGES = 3;
/** Due sessions made further apart than this are listed separately, so that the sessions in between are not listed. */
const AGE_GAP_MS = 60 * 60_000;
/** How far our clock and Stripe's clock may differ. */
const CLOCK_SKEW_MS = 60_000;

/** How many due sessions are read from the database at once, and how many accounts are reconciled at the same time. */
const AT_ONCE = 200;
const IN_FLIGHT = 6;
/** A run ends when nothing is due, or after this time (ms), shortly before the next one begins. */
const RUN_MS = 45_000;

/**
 * Reads the sessions that are due from Stripe and settles them, account by account. An account that fails does not
 * delay the others. Sessions that are not begun before the end of the run stay due as they were.
 */
export async function reconcileDueSessions(context: PlatformContext): Promise<void> {
  const { database } = context;
  const endsAt = context.now() + RUN_MS;
  let due: readonly Payment[];
  do {
    due = await listDuePayments(database, context.now(), AT_ONCE);
    if (due.length === 0) return;
    await putOffNextCheck(context, due);
    const byAccount = Map.groupBy(due, (payment) => `${payment.workspaceId} ${payment.stripeAccountId}`);
    const left = await pMap(byAccount.values(), (sessions) => reconcileAccount(context, sessions, endsAt), {
      concurrency: IN_FLIGHT,
    });
    if (left.some((sessions) => sessions.length > 0)) await restoreChecks(database, left.flat());
  } while (due.length === AT_ONCE && context.now() < endsAt);
}

/** Postpones the next check of due sessions before they are read: a session that always fails delays no other. */
async function putOffNextCheck(context: PlatformContext, due: readonly Payment[]): Promise<void> {
  const now = context.now();
  const next = due.map((payment) => ({
    payment,
    nextCheckAt: nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now),
  }));
  await postponeChecks(context.database, next);
}

/** `due`: sessions of one workspace and account. Returns those that were not begun. */
async function reconcileAccount(
  context: PlatformContext,
  due: readonly Payment[],
  endsAt: number,
): Promise<readonly Payment[]> {
  const [first] = due;
  if (!first || context.now() >= endsAt) return due;
  try {
    const owner = await findWorkspace(context.database, first.workspaceId);
    return owner ? await reconcileSessions(inWorkspace(context, owner), { due, endsAt }) : [];
  } catch (error) {
    const { stripeAccountId: account } = first;
    logLine('error', 'sessions not reconciled', { account, sessions: due.length, error: describeError(error) });
    return [];
  }
}

/**
 * Reads due sessions of one account from Stripe and settles each with the code for Stripe events, so that no payment is
 * missed if its events are lost. A session that fails is logged and delays no other. No session is begun after `endsAt`
 * (unix ms). Returns the sessions that were not begun. Throws StripeFailure if the account's sessions cannot be listed.
 */
async function reconcileSessions(
  context: Context,
  { due, endsAt }: { readonly due: readonly Payment[]; readonly endsAt: number },
): Promise<readonly Payment[]> {
  const left = new Map(due.map((payment) => [payment.stripeSessionId, payment]));
  const reading = { context, endsAt, left };
  for (const group of groupByAge(due)) {
    await readList(reading, group);
    for (const payment of group) if (left.has(payment.stripeSessionId)) await begin(reading, payment, null);
  }
  return [...left.values()];
}

interface Reading {
  readonly context: Context;
  readonly endsAt: number;
  /** The due sessions that are not begun yet, by the session's id at Stripe. */
  readonly left: Map<string, Payment>;
}

function isOver({ context, endsAt }: Reading): boolean {
  return context.now() >= endsAt;
}

/** Groups sessions, oldest first: in a group each session was made at most `AGE_GAP_MS` after the one before it. */
function groupByAge(due: readonly Payment[]): Payment[][] {
  const groups: Payment[][] = [];
  for (const payment of due.toSorted((one, other) => one.createdAt - other.createdAt)) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && payment.createdAt - before.createdAt <= AGE_GAP_MS) group.push(payment);
    else groups.push([payment]);
  }
  return groups;
}

/**
 * Settles the sessions of a group that are in the account's list at Stripe. Stops when reading the sessions not found
 * yet one by one should take fewer calls.
 */
async function readList(reading: Reading, group: readonly Payment[]): Promise<void> {
  const { context, left } = reading;
  const [account = ''] = group.map((payment) => payment.stripeAccountId);
  const times = group.map((payment) => payment.createdAt);
  const window = { from: Math.min(...times) - CLOCK_SKEW_MS, to: Math.max(...times) + CLOCK_SKEW_MS };
  const missing = () => group.filter((payment) => left.has(payment.stripeSessionId)).length;
  let after: string | null = null;
  let emptyPages = 0;
  while (missing() > ONE_BY_ONE && emptyPages < EMPTY_PAGES && !isOver(reading)) {
    const page: Page<StripeCheckoutSession> = await context.stripe.listCheckoutSessions(account, { ...window, after });
    const before = left.size;
    for (const session of page.items) {
      const payment = left.get(session.id);
      if (payment) await begin(reading, payment, session);
    }
    if (left.size === before) emptyPages += 1;
    if (page.next === null) return;
    after = page.next;
  }
}

/** Settles one due session, unless `endsAt` has passed. `listed`: the session from Stripe's list; null: not listed. */
async function begin(reading: Reading, payment: Payment, listed: StripeCheckoutSession | null): Promise<void> {
  if (isOver(reading)) return;
  reading.left.delete(payment.stripeSessionId);
  await reconcileSession(reading.context, payment, listed).catch((error) =>
    logLine('error', 'session not reconciled', { payment: payment.id, error: describeError(error) }),
  );
}

/**
 * Settles one due session. `listed`: the session from Stripe's list; null: it is read here. A session that Stripe does
 * not have is not checked again. A session that contradicts its payment is quarantined and not checked again.
 */
async function reconcileSession(
  context: Context,
  payment: Payment,
  listed: StripeCheckoutSession | null,
): Promise<void> {
  try {
    const session =
      listed ?? (await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId));
    const result = await refusingViolations(() =>
      settlePayment(context, { session, asyncPaymentFailed: session.paymentFailed }),
    );
    if (result.kind === 'refused') await quarantine(context, payment, session, result.reason);
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.kind !== 'not_found') throw error;
    await postponeCheckStatement(context.database, payment, null);
  }
}

/** Quarantines a session as it was read from Stripe, without its client secret. The session is not checked again. */
async function quarantine(
  context: Context,
  payment: Payment,
  session: StripeCheckoutSession,
  reason: string,
): Promise<void> {
  logLine('error', 'session refused', { payment: payment.id, stripe_session: session.id, reason });
  const { clientSecret: _, ...stored } = session;
  await context.database.batch([
    quarantineStatement(context.database, {
      id: session.id,
      stripeAccountId: payment.stripeAccountId,
      livemode: context.workspace.mode === 'live',
      type: QUARANTINED_SESSION_TYPE,
      reason,
      body: JSON.stringify(stored),
      receivedAt: context.now(),
      releasedAt: null,
    }),
    postponeCheckStatement(context.database, payment, null),
  ]);
}
