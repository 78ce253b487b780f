import { describeError, logLine } from '../../core/log.ts';
import { nextSessionCheck } from '../../core/schedules.ts';
import { type Payment, postponeCheckStatement, postponeChecks } from '../../db/payments.ts';
import { quarantineStatement } from '../../db/stripe-events.ts';
import { type Page, type StripeCheckoutSession, StripeFailure } from '../../stripe/gateway.ts';
import type { Context, PlatformContext } from '../context.ts';
import { settlePayment } from '../payments/settle-payment.ts';
import { refusingViolations } from '../payments/settle-result.ts';

/** The type under which a session is set aside that was read without a Stripe event. */
export const SESSION_SET_ASIDE = 'checkout.session';
/** So many due sessions of one age are read one by one; more are looked for in the account's list, 100 a call. */
const ONE_BY_ONE = 2;
/** So many pages without one of them, and the rest is read one by one: the account has too much other business. */
const BARREN_PAGES = 3;
/** Sessions made further apart are not looked for in one window: what lies between would be listed with them. */
const AGE_GAP_MS = 60 * 60_000;
/** Between our clock and Stripe's. */
const CLOCK_SKEW_MS = 60_000;

/**
 * Puts the next look at due sessions off, before they are read: one that always fails, at Stripe or at our own set-up, never
 * holds up the others. One round trip.
 */
export async function putOffNextLook(context: PlatformContext, due: readonly Payment[]): Promise<void> {
  const now = context.now();
  const next = due.map((payment) => ({
    payment,
    nextCheckAt: nextSessionCheck({ ...payment, checks: payment.checks + 1 }, now),
  }));
  await postponeChecks(context.database, next);
}

/**
 * Reads due sessions of one account from Stripe and settles each by the same code as a Stripe event, so that a payment is
 * found even when every event is lost. One that fails is logged and does not hold up the others; none is begun after
 * `endsAt` (unix ms). Answers those that were not begun. Throws StripeFailure where the account's sessions cannot be listed.
 */
export async function reconcileSessions(
  context: Context,
  due: readonly Payment[],
  endsAt: number,
): Promise<readonly Payment[]> {
  const left = new Map(due.map((payment) => [payment.stripeSessionId, payment]));
  const reading = { context, endsAt, left };
  for (const ofAge of groupByAge(due)) {
    await readList(reading, ofAge);
    for (const payment of ofAge) if (left.has(payment.stripeSessionId)) await begin(reading, payment, null);
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

/** Sessions made close to each other, oldest first: a window of the list has hardly anything else then. */
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
 * Settles the sessions of one age that the account's list has, page by page, as long as that takes fewer calls than reading
 * those still missing one by one.
 */
async function readList(reading: Reading, ofAge: readonly Payment[]): Promise<void> {
  const { context, left } = reading;
  const [account = ''] = ofAge.map((payment) => payment.stripeAccountId);
  const times = ofAge.map((payment) => payment.createdAt);
  const window = { from: Math.min(...times) - CLOCK_SKEW_MS, to: Math.max(...times) + CLOCK_SKEW_MS };
  const missing = () => ofAge.filter((payment) => left.has(payment.stripeSessionId)).length;
  let [after, barren]: [string | null, number] = [null, 0];
  while (missing() > ONE_BY_ONE && barren < BARREN_PAGES && !isOver(reading)) {
    const page: Page<StripeCheckoutSession> = await context.stripe.listCheckoutSessions(account, { ...window, after });
    const before = left.size;
    for (const session of page.items) {
      const payment = left.get(session.id);
      if (payment) await begin(reading, payment, session);
    }
    if (left.size === before) barren += 1;
    if (page.next === null) return;
    after = page.next;
  }
}

/** Settles one due session, unless the run is over. `listed`: as Stripe has it, where that is known. */
async function begin(reading: Reading, payment: Payment, listed: StripeCheckoutSession | null): Promise<void> {
  if (isOver(reading)) return;
  reading.left.delete(payment.stripeSessionId);
  await reconcileSession(reading.context, payment, listed).catch((error) =>
    logLine('error', 'session not reconciled', { payment: payment.id, error: describeError(error) }),
  );
}

/**
 * Settles one due session as Stripe has it, `listed` or read now. A session that Stripe does not know, or that does not fit
 * its row, is not looked for again; the latter is set aside.
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
    if (result.kind === 'refused') await setAside(context, payment, session, result.reason);
  } catch (error) {
    if (!(error instanceof StripeFailure) || error.kind !== 'not_found') throw error;
    await postponeCheckStatement(context.database, payment, null);
  }
}

/** Quarantined under the Stripe session's id, with the session as we read it: it came with no Stripe event. */
async function setAside(
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
      type: SESSION_SET_ASIDE,
      reason,
      body: JSON.stringify(stored),
      receivedAt: context.now(),
      releasedAt: null,
    }),
    postponeCheckStatement(context.database, payment, null),
  ]);
}
