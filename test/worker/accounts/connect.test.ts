import { describe, expect, it } from 'vitest';
import { connectAccount } from '../../../src/domain/accounts/connect-account.ts';
import { disconnectAccount } from '../../../src/domain/accounts/disconnect-account.ts';
import type { Context } from '../../../src/domain/context.ts';
import { StripeFailure, type StripeFailureKind } from '../../../src/stripe/gateway.ts';
import { accountOf, expectError, rowsOf } from '../support/api.ts';
import { accountRow, poll } from '../support/polling.ts';
import { control } from '../support/simulator.ts';
import { call, contextOf, newWorkspace, SESSION, type TestWorkspace } from '../support/workspace.ts';

const newId = () => `acct_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;

async function accountAtStripe(chargesEnabled: boolean): Promise<string> {
  const id = newId();
  await control('POST', '/accounts', { id, livemode: false, charges_enabled: chargesEnabled });
  return id;
}

const noAccount = async () => await newWorkspace({ account: 'none' });
const connect = async (shop: TestWorkspace, id: string) => await connectAccount(await contextOf(shop.workspace), id);

/** The context of a workspace for which Stripe fails in this way. */
async function failing(shop: TestWorkspace, kind: StripeFailureKind): Promise<Context> {
  const context = await contextOf(shop.workspace);
  const retrieveAccount = async () => {
    throw new StripeFailure(kind, 'Stripe has said this.');
  };
  return { ...context, stripe: { ...context.stripe, retrieveAccount } };
}

const auditOf = async (shop: TestWorkspace) =>
  (await rowsOf('audit_log', shop.workspace.id)).map(({ actor, action }) => `${actor} ${action}`);

describe('Attaching an account', () => {
  it('stores what Stripe says of it', async () => {
    const [open, closed] = [await noAccount(), await noAccount()];
    const [ready, notReady] = [await accountAtStripe(true), await accountAtStripe(false)];
    expect(await connect(open, ready)).toMatchObject({ id: ready, chargesEnabled: true, isConfirmed: true });
    expect(await connect(closed, notReady)).toMatchObject({ chargesEnabled: false, isConfirmed: true });
    expect((await call(open.key, 'POST', '/checkout-sessions', SESSION)).status).toBe(201);
    await expectError(await call(closed.key, 'POST', '/checkout-sessions', SESSION), 409, 'CONNECT_ACCOUNT_NOT_READY');
  });

  it('that Stripe does not know is refused in the words of Stripe, and writes nothing', async () => {
    const shop = await noAccount();
    const id = newId();
    await expect(connect(shop, id)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringMatching(new RegExp(`${id} is not connected .* does not have access to account`)),
    });
    expect(await rowsOf('connected_accounts', shop.workspace.id)).toEqual([]);
    expect(await auditOf(shop)).not.toContain('operator account.attach');
  });

  it('of the sandbox to a live workspace is refused in words, and writes nothing', async () => {
    const [shop, id] = [await newWorkspace({ account: 'none', mode: 'live' }), await accountAtStripe(true)];
    await expect(connect(shop, id)).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining(`${id} is not connected to the platform in live mode. Stripe says: `),
    });
    expect(await rowsOf('connected_accounts', shop.workspace.id)).toEqual([]);
  });

  it('is refused where Stripe refuses our key, and writes nothing', async () => {
    const shop = await noAccount();
    await expect(connectAccount(await failing(shop, 'misconfigured'), newId())).rejects.toMatchObject({
      code: 'stripe_error',
      message: expect.stringContaining('Stripe has said this.'),
    });
    expect(await rowsOf('connected_accounts', shop.workspace.id)).toEqual([]);
  });

  it('of another workspace is refused, and leaves it there', async () => {
    const [owner, shop] = [await newWorkspace(), await noAccount()];
    await expect(connect(shop, accountOf(owner.account))).rejects.toMatchObject({
      code: 'validation_failed',
      message: expect.stringContaining(owner.workspace.id),
    });
    expect(await accountRow(owner)).toMatchObject({ stripe_account_id: owner.account, charges_enabled: 1 });
  });

  it('without an answer of Stripe takes no payments until the cron has read the account', async () => {
    const shop = await noAccount();
    const id = await accountAtStripe(true);
    const attached = await connectAccount(await failing(shop, 'unavailable'), id);
    expect(attached).toMatchObject({ chargesEnabled: false, isConfirmed: false });
    await expectError(await call(shop.key, 'POST', '/checkout-sessions', SESSION), 409, 'CONNECT_ACCOUNT_NOT_READY');
    await poll();
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1, disconnected_at: null });
    expect((await call(shop.key, 'POST', '/checkout-sessions', SESSION)).status).toBe(201);
  });

  it('without an answer of Stripe never takes payments if the platform has no access to it', async () => {
    const shop = await noAccount();
    await connectAccount(await failing(shop, 'unavailable'), newId());
    await poll();
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0 });
    await expectError(await call(shop.key, 'POST', '/checkout-sessions', SESSION), 409, 'CONNECT_ACCOUNT_NOT_READY');
  });
});

describe('Detaching an account', () => {
  it('stops payments at once, with an audit entry and one event', async () => {
    const shop = await newWorkspace();
    const disconnected = await disconnectAccount(await contextOf(shop.workspace));
    expect(disconnected).toMatchObject({ stripeAccountId: shop.account, disconnectedAt: expect.any(Number) });
    const refused = await call(shop.key, 'POST', '/checkout-sessions', SESSION);
    const { message } = await expectError(refused, 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(message).toContain('(state: disconnected)');
    expect(await auditOf(shop)).toContain('operator account.disconnected');
    const events = await rowsOf('events', shop.workspace.id);
    expect(events.map(({ type }) => type)).toEqual(['payments.account.updated']);

    expect(await disconnectAccount(await contextOf(shop.workspace))).toEqual(disconnected);
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
  });

  it('is never undone by the cron, although Stripe still gives us access', async () => {
    const shop = await newWorkspace();
    await disconnectAccount(await contextOf(shop.workspace));
    expect(await accountRow(shop)).toMatchObject({ next_stripe_events_read_at: null });
    await poll();
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0, disconnected_at: expect.any(Number) });
  });

  it('of a workspace without an account is refused, and a detached one can be attached again', async () => {
    const [none, shop] = [await noAccount(), await newWorkspace()];
    await expect(disconnectAccount(await contextOf(none.workspace))).rejects.toMatchObject({
      code: 'CONNECT_ACCOUNT_MISSING',
    });
    await disconnectAccount(await contextOf(shop.workspace));
    await connect(shop, accountOf(shop.account));
    expect((await call(shop.key, 'POST', '/checkout-sessions', SESSION)).status).toBe(201);
  });
});
