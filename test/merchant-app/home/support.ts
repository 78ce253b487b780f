import type { AccountFacts } from '../../../src/core/account-state.ts';
import { firstRowIdOf } from '../../../src/core/row-ids.ts';
import { connectedAccounts, disputes, refunds } from '../../../src/db/schema.ts';
import { createLink } from '../../../src/domain/links/create-link.ts';
import { type Facts, addPayment as writePayment } from '../support/payments.ts';
import type { AtWork } from '../support/screens.ts';
import { directory } from '../support/team.ts';

export const DAY_MS = 24 * 60 * 60_000;

const READY = {
  chargesEnabled: true,
  detailsSubmitted: true,
  payoutsEnabled: true,
  cards: 'active',
  country: 'GB',
  dashboard: 'full',
  requirements: [],
} as const satisfies AccountFacts;

/** An account that takes payments, unless the test says otherwise. */
export async function addAccount({ workspaceId }: AtWork, facts: Partial<AccountFacts> = {}): Promise<void> {
  const stripeAccountId = `acct_${crypto.randomUUID()}`;
  const rest = { livemode: false, stateAsOf: 0, createdAt: Date.now(), updatedAt: Date.now() };
  await directory.insert(connectedAccounts).values({ ...READY, ...facts, ...rest, workspaceId, stripeAccountId });
}

/** A payment link with this title. Answers its row id. */
export async function addLink(at: AtWork, title: string): Promise<number> {
  const { id } = await createLink(await at.context(), { title, currency: 'GBP', amountMinor: 5000 });
  return id;
}

/** A payment of £50.00 that has succeeded a minute ago, or later if that was yesterday in UTC, unless the test says otherwise. Answers its id. */
export async function addPayment(at: AtWork, facts: Facts = {}): Promise<number> {
  const now = Date.now();
  const createdAt = Math.max(now - 60_000, now - (now % DAY_MS));
  return (await writePayment(await at.context(), { amountMinor: 5000, createdAt, ...facts })).id;
}

/** A refund of a payment in pounds that was made just now. */
export async function addRefund({ workspaceId }: AtWork, paymentId: number, amountMinor: number): Promise<void> {
  const now = Date.now();
  await directory.insert(refunds).values({
    id: firstRowIdOf('0', now) + Math.floor(Math.random() * 100),
    workspaceId,
    paymentId,
    stripeRefundId: `re_${crypto.randomUUID()}`,
    status: 'succeeded',
    amountMinor,
    currency: 'GBP',
    createdAt: now,
    updatedAt: now,
  });
}

/** A dispute of £50.00 that waits for an answer. */
export async function addDispute({ workspaceId }: AtWork, paymentId: number): Promise<void> {
  const now = Date.now();
  await directory.insert(disputes).values({
    id: firstRowIdOf('0', now) + Math.floor(Math.random() * 100),
    workspaceId,
    paymentId,
    stripeDisputeId: `du_${crypto.randomUUID()}`,
    status: 'needs_response',
    amountMinor: 5000,
    currency: 'GBP',
    reason: 'fraudulent',
    stateAsOf: 0,
    createdAt: now,
    updatedAt: now,
  });
}
