import pMap from 'p-map';
import { describeError, logLine } from '../../core/log.ts';
import { nextSessionCheck } from '../../core/schedules.ts';
import {
  listDuePayments,
  type Payment,
  type PaymentView,
  postponeCheckStatement,
  postponeChecks,
  restoreChecks,
} from '../../db/payments.ts';
import { quarantineStatement } from '../../db/stripe-events.ts';
import { type AccountOwner, findWorkspaces } from '../../db/workspaces.ts';
import { type Page, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import type { Budget } from '../budget.ts';
import { type Context, inFlightOf, inWorkspace, type JobContext } from '../context.ts';
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

/** After Stripe failed for an account, its sessions that were not reached are due again after this time (ms). */
const PAUSE_MS = 5 * 60_000;
/** How many due sessions are read from the database at once. */
const AT_ONCE = 200;
/** The statements that read, put off and restore the due sessions of a round, and read their workspaces. */
const ROUND_COST = { queries: 4, stripeCalls: 0 };
/** What one session costs at most. */
const SESSION_COST = { queries: 30, stripeCalls: 4 };

/**
 * Reads the sessions that are due from Stripe and settles them, account by account. An account that fails does not
 * delay the others. Sessions that are not begun stay due as they were, or become due after five minutes where Stripe
 * failed for their account.
 */
export async function reconcileDueSessions(context: JobContext): Promise<void> {
  let isComplete: boolean;
  do isComplete = await reconcileRound(context);
  while (isComplete && !context.budget.isOver);
}

/** Reconciles a number of due sessions. False: no more are due, or the run ended before all were begun. */
async function reconcileRound(context: JobContext): Promise<boolean> {
  const { database, budget } = context;
  const end = budget.begin(ROUND_COST);
  if (!end) return false;
  const due = await listDuePayments(database, context.now(), AT_ONCE);
  if (due.length === 0) return false;
  await putOffNextCheck(context, due);
  const owners = await findWorkspaces(database, [...new Set(due.map(({ workspaceId }) => workspaceId))]);
  const byAccount = Map.groupBy(due, (payment) => `${payment.workspaceId} ${payment.stripeAccountId}`);
  const left = await pMap(byAccount.values(), (sessions) => reconcileAccount(context, owners, sessions), {
    concurrency: inFlightOf(context),
  });
  const unread = left.flatMap(({ sessions, nextCheckAt }) =>
    sessions.map((payment) => ({ payment, nextCheckAt: nextCheckAt ?? payment.nextCheckAt })),
  );
  if (unread.length > 0) await restoreChecks(database, unread);
  end();
  return due.length === AT_ONCE && unread.length === 0;
}

/** Postpones the next check of due sessions before they are read: a session that always fails delays no other. */
async function putOffNextCheck(context: JobContext, due: readonly Payment[]): Promise<void> {
  const now = context.now();
  const next = due.map((payment) => ({
    payment,
    nextCheckAt: nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now),
  }));
  await postponeChecks(context.database, next);
}

/** Sessions that were not begun. `nextCheckAt`: when they are due now (unix ms); null: as before. */
interface Left {
  readonly sessions: readonly Payment[];
  readonly nextCheckAt: number | null;
}

/** `due`: sessions of one workspace and account. */
async function reconcileAccount(
  context: JobContext,
  owners: ReadonlyMap<string, AccountOwner>,
  due: readonly PaymentView[],
): Promise<Left> {
  const owner = owners.get(due[0]?.workspaceId ?? '');
  if (!owner) return { sessions: [], nextCheckAt: null };
  const left = new Map(due.map((payment) => [payment.stripeSessionId, payment]));
  try {
    await reconcileSessions({ context: inWorkspace(context, owner), budget: context.budget, left }, due);
    return { sessions: [...left.values()], nextCheckAt: null };
  } catch (error) {
    const account = due[0]?.stripeAccountId;
    logLine('error', 'sessions not reconciled', { account, sessions: left.size, error: describeError(error) });
    return { sessions: [...left.values()], nextCheckAt: context.now() + PAUSE_MS };
  }
}

interface Reading {
  readonly context: Context;
  readonly budget: Budget;
  /** The due sessions that are not begun yet, by the session's id at Stripe. */
  readonly left: Map<string, PaymentView>;
}

/**
 * Reads due sessions of one account from Stripe and settles each with the code for Stripe events, so that no payment is
 * missed if its events are lost. A session that fails is logged and delays no other, unless Stripe fails for the
 * account: then this throws StripeFailure. No session is begun after the end of the run, or without budget.
 */
async function reconcileSessions(reading: Reading, due: readonly PaymentView[]): Promise<void> {
  for (const group of groupByAge(due)) {
    // A list that fails may only be too long: single sessions may still be read.
    await readList(reading, group).catch((error) =>
      logLine('error', 'sessions not listed', { account: group[0]?.stripeAccountId, error: describeError(error) }),
    );
    for (const payment of group) if (reading.left.has(payment.stripeSessionId)) await begin(reading, payment, null);
  }
}

/** Groups sessions, oldest first: in a group each session was made at most `AGE_GAP_MS` after the one before it. */
function groupByAge(due: readonly PaymentView[]): PaymentView[][] {
  const groups: PaymentView[][] = [];
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
 * yet one by one should take fewer calls. Throws StripeFailure.
 */
async function readList(reading: Reading, group: readonly PaymentView[]): Promise<void> {
  const { context, left } = reading;
  const [account = ''] = group.map((payment) => payment.stripeAccountId);
  const times = group.map((payment) => payment.createdAt);
  const window = { from: Math.min(...times) - CLOCK_SKEW_MS, to: Math.max(...times) + CLOCK_SKEW_MS };
  const missing = () => group.filter((payment) => left.has(payment.stripeSessionId)).length;
  let after: string | null = null;
  let emptyPages = 0;
  while (missing() > ONE_BY_ONE && emptyPages < EMPTY_PAGES && mayCall(reading)) {
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

/** True if another page may be read from Stripe. */
function mayCall({ budget }: Reading): boolean {
  const end = budget.isOver ? null : budget.begin({ queries: 0, stripeCalls: 1 });
  end?.();
  return end !== null;
}

/** Kinds of failures that any session of the account would meet now. */
const OF_ACCOUNT: readonly StripeFailure['kind'][] = ['unavailable', 'rate_limited', 'misconfigured', 'account_lost'];

/**
 * Settles one due session, unless the run is over. `listed`: the session from Stripe's list; null: not listed. Throws
 * StripeFailure if Stripe fails for the account.
 */
async function begin(reading: Reading, payment: PaymentView, listed: StripeCheckoutSession | null): Promise<void> {
  const { context, budget, left } = reading;
  const end = budget.isOver ? null : budget.begin(SESSION_COST);
  if (!end) return;
  left.delete(payment.stripeSessionId);
  try {
    await reconcileSession(context, payment, listed);
  } catch (error) {
    logLine('error', 'session not reconciled', { payment: payment.id, error: describeError(error) });
    if (error instanceof StripeFailure && OF_ACCOUNT.includes(error.kind)) throw error;
  } finally {
    end();
  }
}

/**
 * Settles one due session. `listed`: the session from Stripe's list; null: it is read here. A session that Stripe does
 * not have is not checked again. A session that contradicts its payment is quarantined and not checked again.
 */
async function reconcileSession(
  context: Context,
  payment: PaymentView,
  listed: StripeCheckoutSession | null,
): Promise<void> {
  try {
    const session =
      listed ?? (await context.stripe.retrieveCheckoutSession(payment.stripeAccountId, payment.stripeSessionId));
    const result = await refusingViolations(() =>
      settlePayment(context, { session, asyncPaymentFailed: session.paymentFailed, payment }),
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
