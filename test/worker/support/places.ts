import { expect } from 'vitest';
import { accountOf, createRequests, expectError, expectSession, rowsOf, type SessionAnswer } from './api.ts';
import { heldEvents, sendAll } from './payments.ts';
import { type PayOutcome, pay, stripeSessions } from './simulator.ts';
import { call, SESSION, type TestWorkspace } from './workspace.ts';

const { success_url, cancel_url } = SESSION;

/** The body of a session for a link. */
export const sessionFor = (token: string, extra: Record<string, unknown> = {}) => ({
  payment_link_token: token,
  success_url,
  cancel_url,
  ...extra,
});

/** Asks for a session of a link. `key`: its Idempotency-Key. */
export async function ask(
  shop: TestWorkspace,
  token: string,
  change: { readonly key?: string; readonly body?: Record<string, unknown> } = {},
): Promise<Response> {
  const headers: Record<string, string> = change.key === undefined ? {} : { 'Idempotency-Key': change.key };
  return await call(shop.key, 'POST', '/checkout-sessions', sessionFor(token, change.body), headers);
}

/** There is a place for one more session, and this one has it. */
export async function expectPlace(shop: TestWorkspace, token: string, key?: string): Promise<SessionAnswer> {
  return await expectSession(await ask(shop, token, key === undefined ? {} : { key }));
}

/** There is no place: refused, nothing written and nothing asked of Stripe. */
export async function expectSoldOut(shop: TestWorkspace, token: string): Promise<string> {
  const asked = (await createRequests(shop.account)).length;
  const rows = await rowsOf('payments', shop.workspace.id);
  const { message } = await expectError(await ask(shop, token), 409, 'payment_link_sold_out');
  expect(await createRequests(shop.account)).toHaveLength(asked);
  expect(await rowsOf('payments', shop.workspace.id)).toEqual(rows);
  return message;
}

/** What the buyer did at Stripe, and Stripe's word on it. */
export async function settle(shop: TestWorkspace, session: SessionAnswer, outcome: PayOutcome): Promise<void> {
  await pay(session.stripe_session_id, outcome);
  await sendAll(await heldEvents(shop));
}

/** The sessions at Stripe that can still be paid, or are. */
export async function openAtStripe(shop: TestWorkspace): Promise<unknown[]> {
  const sessions = await stripeSessions(accountOf(shop.account));
  return sessions.filter(({ status }) => status !== 'expired').map(({ id }) => id);
}
