import { describe, expect, it } from 'vitest';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { revokeKey } from '../../../src/domain/keys/revoke-key.ts';
import { accountOf, createRequests, expectError, expectSession, rowsOf } from '../support/api.ts';
import { changed, eventOf, heldEvent, heldEvents, openSession, readSession, sendAll } from '../support/payments.ts';
import { control, pay, stripeRequests } from '../support/simulator.ts';
import { call, contextOf, newWorkspace, operatorContext, SESSION, type TestWorkspace } from '../support/workspace.ts';

const UPDATED = 'account.updated';

async function accountRow(shop: TestWorkspace) {
  const [row] = await rowsOf('connected_accounts', shop.workspace.id);
  return row;
}

async function setCharges(shop: TestWorkspace, enabled: boolean): Promise<void> {
  await control('POST', `/accounts/${accountOf(shop.account)}/update`, {
    charges_enabled: enabled,
    livemode: shop.mode === 'live',
  });
}

const create = (shop: TestWorkspace) => call(shop.key, 'POST', '/checkout-sessions', SESSION);

describe('A change of a connected account at Stripe', () => {
  it('lets the workspace charge once onboarding is done', async () => {
    const shop = await newWorkspace({ account: 'onboarding' });
    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await createRequests(shop.account)).toEqual([]);
    await setCharges(shop, true);
    await sendAll(await heldEvents(shop));

    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1, details_submitted: 1 });
    await expectSession(await create(shop));
  });

  it("has the pages of the workspace's public keys registered for wallets, once", async () => {
    const shop = await newWorkspace({ account: 'onboarding', webhook: false });
    const allowedOrigins = ['https://shop.example', 'https://*.wild.example'];
    await shop.issue({ kind: 'public', scopes: [], allowedOrigins });
    const revoked = await shop.issue({ kind: 'public', scopes: [], allowedOrigins: ['https://old.example'] });
    await revokeKey(operatorContext(shop.shard), revoked.id);
    const registered = async () => {
      const requests = await stripeRequests(accountOf(shop.account));
      return requests
        .filter(({ path }) => path === '/v1/payment_method_domains')
        .map(({ params }) => params.domain_name);
    };
    await setCharges(shop, true);
    await sendAll(await heldEvents(shop));
    expect(await registered()).toEqual(['shop.example']);
    await setCharges(shop, true);
    await sendAll(await heldEvents(shop));
    expect(await registered()).toEqual(['shop.example']);
  });

  it('stops charges when Stripe takes the ability away, and lets them go on again', async () => {
    const shop = await newWorkspace();
    await setCharges(shop, false);
    await sendAll([await heldEvent(shop, UPDATED)]);
    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await createRequests(shop.account)).toEqual([]);
    await setCharges(shop, true);
    await sendAll([await heldEvent(shop, UPDATED)]);
    await expectSession(await create(shop));
  });

  it('is read again, so that events of one second, in whatever order, leave the state that Stripe has', async () => {
    const shop = await newWorkspace();
    await setCharges(shop, false);
    const off = await heldEvent(shop, UPDATED);
    await setCharges(shop, true);
    const on = await changed(await heldEvent(shop, UPDATED), (content) => {
      content.created = eventOf(off).created;
    });
    await sendAll([on, off]);
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1 });
    await expectSession(await create(shop));
  });

  it('leaves an entry in the audit log where it changed something, and none where it did not', async () => {
    const shop = await newWorkspace();
    await setCharges(shop, false);
    const off = await heldEvent(shop, UPDATED);
    const newer = await changed(off, (content) => {
      content.created += 60;
    });
    await sendAll([newer, off, off]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter((entry) => entry.action === 'account.updated')).toMatchObject([
      { actor: 'stripe', object: shop.account },
    ]);
  });

  it('in one mode does not change the other', async () => {
    const live = await newWorkspace({ mode: 'live' });
    const sandbox = await newWorkspace();
    await setCharges(live, false);
    await sendAll([await heldEvent(live, UPDATED)]);
    expect(await accountRow(live)).toMatchObject({ charges_enabled: 0 });
    expect(await accountRow(sandbox)).toMatchObject({ charges_enabled: 1 });
    await expectSession(await create(sandbox));
  });
});

describe('An account that takes away our access', () => {
  async function deauthorize(shop: TestWorkspace) {
    await control('POST', `/accounts/${accountOf(shop.account)}/deauthorize`, { livemode: shop.mode === 'live' });
    return await heldEvent(shop, 'account.application.deauthorized');
  }

  it('is not charged on any more, without a call to Stripe', async () => {
    const shop = await newWorkspace();
    await sendAll([await deauthorize(shop)]);
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0, disconnected_at: expect.any(Number) });
    await expectError(await create(shop), 409, 'CONNECT_ACCOUNT_NOT_READY');
    expect(await createRequests(shop.account)).toEqual([]);
    const audit = await rowsOf('audit_log', shop.workspace.id);
    expect(audit.filter((entry) => entry.action === 'account.disconnected')).toHaveLength(1);
  });

  it('stays disconnected when an earlier update arrives late', async () => {
    const shop = await newWorkspace();
    await setCharges(shop, true);
    const late = await heldEvent(shop, UPDATED);
    await sendAll([await deauthorize(shop), late]);
    const afterwards = await changed(late, (content) => {
      content.created += 3600;
    });
    await sendAll([afterwards]);
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 0, disconnected_at: expect.any(Number) });
  });

  it('still settles what was paid before', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const paid = await heldEvents(shop);
    await sendAll([await deauthorize(shop), ...paid]);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect((await rowsOf('events', shop.workspace.id)).map((row) => row.type)).toEqual([
      'payments.account.updated',
      'payments.payment.succeeded',
    ]);
  });

  it('can be attached again, and an old deauthorization that arrives again does not end that', async () => {
    const shop = await newWorkspace();
    const deauthorization = await changed(await deauthorize(shop), (content) => {
      content.created -= 60;
    });
    const account = accountOf(shop.account);
    await control('POST', '/accounts', { id: account, livemode: false, charges_enabled: true });
    await attachAccount(await contextOf(shop.workspace), plainAccount(account, true));
    await sendAll([deauthorization]);
    expect(await accountRow(shop)).toMatchObject({ charges_enabled: 1, disconnected_at: null });
    await expectSession(await create(shop));
  });
});
