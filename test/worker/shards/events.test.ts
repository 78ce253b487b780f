import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { requestReapply } from '../../../src/domain/stripe-events/reapply.ts';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { countingD1 } from '../support/counting.ts';
import { sendQuietly, settledSession } from '../support/merchant-events.ts';
import { changed, heldEvent, heldEvents, openSession, readSession, stripePost } from '../support/payments.ts';
import { cron } from '../support/polling.ts';
import { bindingOf, inEveryDatabase } from '../support/shards.ts';
import { control, pay } from '../support/simulator.ts';
import { contextOf, newWorkspace, operatorContext, type TestWorkspace } from '../support/workspace.ts';

beforeEach(() => inEveryDatabase('DELETE FROM quarantined_stripe_events'));

afterEach(() => {
  vi.restoreAllMocks();
});

async function paidSession(shop: TestWorkspace) {
  const session = await openSession(shop, { reference: '1042' });
  await pay(session.stripe_session_id, 'paid', 'ann@example.com');
  return { session, event: await heldEvent(shop, 'checkout.session.completed') };
}

/** The reasons for which Stripe events are quarantined in a shard. */
async function quarantinedIn(shard: string): Promise<unknown[]> {
  const query = bindingOf(shard).prepare('SELECT reason FROM quarantined_stripe_events ORDER BY rowid');
  return (await query.all()).results.map(({ reason }) => reason);
}

async function replaceAccount(shop: TestWorkspace): Promise<string> {
  const id = `${accountOf(shop.account)}b`;
  await control('POST', '/accounts', { id, livemode: false, charges_enabled: true });
  await attachAccount(await contextOf(shop.workspace), plainAccount(id, true));
  return id;
}

describe('A Stripe event of a paid session', () => {
  it.each(['0', '1'])('of a workspace in the shard %s takes two round trips: one read, one write', async (shard) => {
    const shop = await newWorkspace({ shard });
    const { session, event } = await paidSession(shop);
    const counted = countingD1(env);
    expect(await sendQuietly([event], counted.bindings)).toEqual([200]);
    expect(counted.counts.roundTrips).toBe(2);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
  });

  it('takes as many round trips where one database is bound as ever: one read, one write', async () => {
    const shop = await newWorkspace({ shard: '0' });
    const { event } = await paidSession(shop);
    const counted = countingD1({ DB: env.DB });
    expect(await sendQuietly([event, event], { ...counted.bindings, DB_1: undefined })).toEqual([200, 200]);
    expect(counted.counts.roundTrips).toBe(3);
  });

  it('whose metadata names another shard, as anyone can write it, is found by the directory', async () => {
    const shop = await newWorkspace({ shard: '1' });
    const { session, event } = await paidSession(shop);
    const forge = (shard: string) =>
      changed(event, (content) => {
        content.id = `${content.id}${shard}`;
        content.data.object.metadata = { softsolz_operation: `op_${shard}${'x'.repeat(26)}` };
      });
    for (const shard of ['0', '7']) expect(await sendQuietly([await forge(shard)])).toEqual([200]);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(await quarantinedIn('0')).toEqual([]);
  });

  it('is found in the first shard without an entry in the directory, as the earlier Worker left accounts', async () => {
    const shop = await newWorkspace({ shard: '0' });
    const { session, event } = await paidSession(shop);
    await env.DB.prepare('DELETE FROM account_directory WHERE workspace_id = ?').bind(shop.workspace.id).run();
    expect(await sendQuietly([event])).toEqual([200]);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
  });

  it('comes again where no database is bound for the shard of its workspace', async () => {
    const shop = await newWorkspace({ shard: '1' });
    const { session, event } = await paidSession(shop);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(await sendQuietly([event], { DB_1: undefined })).toEqual([503]);
    expect(await sendQuietly([event])).toEqual([200]);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
  });
});

describe('An account in another shard', () => {
  it('that was replaced still reports refunds and disputes', async () => {
    const shop = await newWorkspace({ shard: '1' });
    const { id, intent } = await settledSession(shop);
    await replaceAccount(shop);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent, amount: '100' });
    await control('POST', `/payment_intents/${intent}/dispute`, {});
    await sendQuietly(await heldEvents(shop));
    expect(await readSession(shop, id)).toMatchObject({ status: 'partially_refunded' });
    expect(await rowsOf('disputes', shop.workspace.id)).toHaveLength(1);
    expect(await quarantinedIn('0')).toEqual([]);
  });

  it('has its events quarantined in its own shard, and those of an unknown account are in the first', async () => {
    const shop = await newWorkspace({ shard: '1' });
    const { event } = await paidSession(shop);
    const wrong = await changed(event, (content) => {
      content.id = `${content.id}W`;
      content.data.object.amount_total = 1;
    });
    const unknown = await changed(event, (content) => {
      content.id = `${content.id}U`;
      content.account = 'acct_nobody_here';
    });
    expect(await sendQuietly([wrong, unknown])).toEqual([200, 200]);
    expect(await quarantinedIn('1')).toEqual(['amount_differs']);
    expect(await quarantinedIn('0')).toEqual(['unknown_account']);
  });
});

describe('An event that came before its account was known', () => {
  /** A workspace in the second shard, and two quarantined events of its account: a right one, and one that does not fit. */
  async function early() {
    const shop = await newWorkspace({ shard: '1' });
    const { session, event } = await paidSession(shop);
    const wrong = await changed(event, (content) => {
      content.id = `${content.id}W`;
      content.data.object.amount_total = 1;
    });
    await env.DB.prepare('DELETE FROM account_directory WHERE workspace_id = ?').bind(shop.workspace.id).run();
    await shop.binding.prepare('DELETE FROM connected_accounts WHERE workspace_id = ?').bind(shop.workspace.id).run();
    expect(await sendQuietly([event, wrong])).toEqual([200, 200]);
    expect(await quarantinedIn('0')).toEqual(['unknown_account', 'unknown_account']);
    const account = plainAccount(accountOf(shop.account), true);
    await attachAccount(await contextOf(shop.workspace), account);
    return { shop, session };
  }

  it('is applied in the shard of its account once it is released, or moves to the quarantine there', async () => {
    const { shop, session } = await early();
    const { results } = await env.DB.prepare('SELECT id FROM quarantined_stripe_events').all();
    await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
    for (const { id } of results) await requestReapply(operatorContext(), String(id));
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(await quarantinedIn('0')).toEqual([]);
    expect(await quarantinedIn('1')).toEqual(['amount_differs']);
  });

  it('is erased with the buyer that it names', async () => {
    const { shop } = await early();
    const other = await newWorkspace({ shard: '1' });
    expect(await eraseBuyer(await contextOf(other.workspace), 'ann@example.com')).toMatchObject({ quarantined: 0 });
    expect(await eraseBuyer(await contextOf(shop.workspace), 'Ann@example.com')).toMatchObject({ quarantined: 2 });
    expect(await quarantinedIn('0')).toEqual([]);
  });
});
