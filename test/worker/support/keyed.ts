import { env } from 'cloudflare:workers';
import { expect } from 'vitest';
import { accountOf, callWith, createRequests, expectSession, rowsOf, type SessionAnswer } from './api.ts';
import type { BindingChanges } from './direct.ts';
import { control, stripeSessions } from './simulator.ts';
import { SESSION, type TestWorkspace } from './workspace.ts';

export const KEY = 'order-1042';

/** Creates a session under an Idempotency-Key: the same key and body each time, but for what is given. */
export async function createKeyed(
  shop: TestWorkspace,
  change: { body?: unknown; key?: string; bindings?: BindingChanges } = {},
): Promise<Response> {
  const { body = SESSION, key = KEY, bindings = {} } = change;
  return await callWith(bindings, shop.key, 'POST', '/checkout-sessions', body, { 'Idempotency-Key': key });
}

/** The next POST to Stripe for this workspace fails; the work is done first with `after_commit`. */
export async function failNext(shop: TestWorkspace, status: number | 'network', after_commit: boolean): Promise<void> {
  await control('POST', '/faults', { account: shop.account, fail_next: { count: 1, status, after_commit } });
}

/** One Stripe session, one row, and the answer speaks of both. */
export async function expectOneSession(shop: TestWorkspace, response: Response): Promise<SessionAnswer> {
  const session = await expectSession(response);
  const made = await stripeSessions(accountOf(shop.account));
  expect(made.map(({ id }) => id)).toEqual([session.stripe_session_id]);
  const rows = await rowsOf('payments', shop.workspace.id);
  expect(rows.map(({ id, stripe_session_id }) => [id, stripe_session_id])).toEqual([
    [session.id, session.stripe_session_id],
  ]);
  return session;
}

/** The Stripe idempotency keys used for creating sessions, in order. */
export async function stripeKeys(shop: TestWorkspace): Promise<(string | null)[]> {
  return (await createRequests(shop.account)).map(({ idempotency_key }) => idempotency_key);
}

export function gateStub(shop: TestWorkspace) {
  return env.WORKSPACE_GATE.getByName(shop.workspace.id);
}
