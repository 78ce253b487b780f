import { describeError, logLine } from '../../core/log.ts';
import { nextSessionCheck } from '../../core/schedules.ts';
import { type Payment, postponeCheckStatement, postponeChecks } from '../../db/payments.ts';
import { quarantineStatement } from '../../db/stripe-events.ts';
import { type Page, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import type { Context, PlatformContext } from '../context.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { refusingViolations } from '../payments/settle-result.ts';

/** The `type` of a quarantined session, which was read without a Stripe event. */
export const QUARANTINED_SESSION_TYPE = 'checkout.session';
/** Up to so many due sessions of one age are read one by one; more are found in the account's list, 100 in a call. */
const ONE_BY_ONE = 2;
/** After so many pages of the list without any of them, the others are read one by one: the account has many other sessions. */
const EMPTY_PAGES = 3;
/** Sessions made further apart than this are not searched in one list: it would contain all sessions in between. */
const AGE_GAP_MS = 60 * 60_000;
/** How far our clock and Stripe's may differ. */
const CLOCK_SKEW_MS = 60_000;

/** Puts off the next check of due sessions before they are read: one that always fails never delays others. One round trip. */
export async function putOffNextCheck(context: PlatformContext, due: readonly Payment[]): Promise<void> {
  const now = context.now();
  const next = due.map((payment) => ({
    payment,
    nextCheckAt: nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now),
  }));
  await postponeChecks(context.database, next);
}

/**
 * Reads due sessions of one account from Stripe and settles each by the same code as a Stripe event, so that a payment is
 * found even when every event is lost. One that fails is logged and does not delay the others; none is begun after `endsAt`
 * (unix ms). Returns the sessions that were not begun. Throws StripeFailure where the account's sessions cannot be listed.
 */
export async function reconcileSessions(
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
  /** The sessions that are not begun yet, by Stripe's id. */
  readonly left: Map<string, Payment>;
}

function isOver({ context, endsAt }: Reading): boolean {
  return context.now() >= endsAt;
}

/** Groups of sessions that were made close to each other, oldest first: a list of that time has hardly any others. */
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
 * Settles the sessions of a group that are in the account's list, page by page, as long as that takes fewer calls than reading
 * the missing ones one by one.
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

/** Settles one due session, unless the time is over. `listed`: the session as Stripe listed it; null: it is read here. */
async function begin(reading: Reading, payment: Payment, listed: StripeCheckoutSession | null): Promise<void> {
  if (isOver(reading)) return;
  reading.left.delete(payment.stripeSessionId);
  await reconcileSession(reading.context, payment, listed).catch((error) =>
    logLine('error', 'session not reconciled', { payment: payment.id, error: describeError(error) }),
  );
}

/**
 * Settles one due session as Stripe has it, `listed` or read now. A session that Stripe does not have, or that does not fit its
 * row, is not checked again; one that does not fit is quarantined.
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

/** Quarantines a session under its own id and with what was read of it, because it came without a Stripe event. */
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
