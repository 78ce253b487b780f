import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findQuarantined, listQuarantined } from '../../../src/db/stripe-events.ts';
import { attachAccount, plainAccount } from '../../../src/domain/accounts/attach-account.ts';
import { requestReapply } from '../../../src/domain/stripe-events/reapply.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { freezeTime, passTime } from '../support/deliveries.ts';
import { heldEvent, openSession, quarantined, readSession, sendAll, stripePost } from '../support/payments.ts';
import { cron, MINUTE, setPayment, unpolledWorkspace } from '../support/polling.ts';
import { stripeErrorAnswer, stripeOf } from '../support/scripted-stripe.ts';
import { inEveryDatabase } from '../support/shards.ts';
import { pay, takeStripeEvents } from '../support/simulator.ts';
import { contextOf, operatorContext, type TestWorkspace, type WorkspaceOptions } from '../support/workspace.ts';

beforeEach(async () => {
  await inEveryDatabase('DELETE FROM quarantined_stripe_events');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A paid session whose event was quarantined, because the stored amount is another. */
async function quarantinedPayment(
  options: WorkspaceOptions = {},
): Promise<{ shop: TestWorkspace; paymentId: number; id: string }> {
  const shop = await unpolledWorkspace(options);
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  await setPayment(session.id, 'amount_minor', 4998);
  await sendAll([await heldEvent(shop, 'checkout.session.completed')]);
  const [row] = await quarantined(accountOf(shop.account));
  expect(row).toMatchObject({ reason: 'amount_differs', released_at: null });
  return { shop, paymentId: session.id, id: String(row?.id) };
}

describe('A quarantined event that an operator releases', () => {
  it('is applied by the next run of the cron and leaves the quarantine, where it fits now', async () => {
    const { shop, paymentId, id } = await quarantinedPayment();
    await cron();
    expect(await readSession(shop, paymentId)).toMatchObject({ status: 'created' });
    await setPayment(paymentId, 'amount_minor', 4999);
    await requestReapply(operatorContext(shop.shard), id);
    await cron();
    expect(await readSession(shop, paymentId)).toMatchObject({ status: 'succeeded' });
    expect((await rowsOf('events', shop.workspace.id)).map((event) => event.type)).toContain(
      'payments.payment.succeeded',
    );
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('is quarantined again with the current reason, where it still does not fit', async () => {
    const { shop, paymentId, id } = await quarantinedPayment();
    const [before] = await quarantined(accountOf(shop.account));
    await inEveryDatabase("UPDATE quarantined_stripe_events SET reason = 'of_before'");
    await requestReapply(operatorContext(shop.shard), id);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toEqual([{ ...before, reason: 'amount_differs' }]);
    expect(await readSession(shop, paymentId)).toMatchObject({ status: 'created' });
    expect(await rowsOf('events', shop.workspace.id)).toEqual([]);
  });

  it('is in the audit log once, with who released it', async () => {
    const { shop, id } = await quarantinedPayment();
    await requestReapply(operatorContext(shop.shard), id);
    await requestReapply(operatorContext(shop.shard), id);
    const audit = (await rowsOf('audit_log', shop.workspace.id)).filter(
      (entry) => entry.action === 'quarantine.release',
    );
    expect(audit).toMatchObject([{ actor: 'operator', object: id }]);
  });

  it('stays released while Stripe or the database cannot be asked, and does not hold up the others', async () => {
    const [stuck, other] = [await quarantinedRefund(), await quarantinedPayment()];
    await setPayment(other.paymentId, 'amount_minor', 4999);
    await setPayment(stuck.paymentId, 'operation_id', stuck.operation);
    await requestReapply(operatorContext(stuck.shop.shard), stuck.id);
    await requestReapply(operatorContext(other.shop.shard), other.id);
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    stripeOf(async (request, real) =>
      request.url.includes('/v1/refunds') ? stripeErrorAnswer({ status: 500 }) : await real(request),
    );
    // A Stripe client keeps the fetch that it was made with: these bindings make a new one.
    await cron({ REPORT_URL: '' });
    expect(await readSession(other.shop, other.paymentId)).toMatchObject({ status: 'succeeded' });
    expect((await findQuarantined(stuck.shop.database, stuck.id))?.releasedAt).not.toBeNull();
    expect(log.mock.calls.map(([line]) => String(line)).join('\n')).toContain('quarantined event not applied');
    vi.restoreAllMocks();
    await cron();
    expect(await findQuarantined(stuck.shop.database, stuck.id)).toBeNull();
  });

  it('of an account that was unknown is applied once the account is attached', async () => {
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const account = accountOf(shop.account);
    const heldBack = await heldEvent(shop, 'checkout.session.completed');
    await shop.binding.prepare('DELETE FROM connected_accounts WHERE stripe_account_id = ?').bind(account).run();
    // Neither the account nor a payment speaks for a workspace.
    await shop.binding.prepare('DELETE FROM payments WHERE id = ?').bind(session.id).run();
    await sendAll([heldBack]);
    const [row] = await quarantined(account);
    expect(row).toMatchObject({ reason: 'unknown_account' });
    await attachAccount(await contextOf(shop.workspace), plainAccount(account, true));
    await inEveryDatabase('UPDATE connected_accounts SET next_stripe_events_read_at = NULL');
    await requestReapply(operatorContext(), String(row?.id));
    await cron();
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await quarantined(account)).toEqual([]);
  });

  it('is quarantined again where it is not ours any more, or cannot be read', async () => {
    const { shop, id } = await quarantinedPayment();
    await shop.binding.prepare("UPDATE quarantined_stripe_events SET body = 'no JSON' WHERE id = ?").bind(id).run();
    await requestReapply(operatorContext(shop.shard), id);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ id, reason: 'unreadable', released_at: null }]);
    const foreign = {
      id,
      object: 'event',
      type: 'refund.created',
      livemode: false,
      created: 1,
      data: { object: refund() },
    };
    await shop.binding
      .prepare('UPDATE quarantined_stripe_events SET body = ? WHERE id = ?')
      .bind(JSON.stringify(foreign), id)
      .run();
    await requestReapply(operatorContext(shop.shard), id);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ id, reason: 'not_ours', released_at: null }]);
  });

  it('is refused where no event has the id', async () => {
    await expect(requestReapply(operatorContext(), 'evt_never')).rejects.toThrow(/evt_never/);
  });
});

const refund = () => ({ id: 're_1', payment_intent: 'pi_of_nobody', amount: 1, currency: 'gbp', created: 1 });

/** An event of a refund whose operation belongs to no payment: it was quarantined. */
async function quarantinedRefund() {
  const shop = await unpolledWorkspace();
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid');
  await sendAll([await heldEvent(shop, 'checkout.session.completed')]);
  const [payment] = await rowsOf('payments', shop.workspace.id);
  await takeStripeEvents(accountOf(shop.account));
  await stripePost(accountOf(shop.account), '/v1/refunds', {
    payment_intent: String(payment?.stripe_payment_intent_id),
  });
  const heldBack = await heldEvent(shop, 'charge.refunded');
  const operation = String(payment?.operation_id);
  await setPayment(session.id, 'operation_id', 'op_0another');
  await sendAll([heldBack]);
  const [row] = await quarantined(accountOf(shop.account));
  expect(row).toMatchObject({ reason: 'unknown_operation' });
  return { shop, paymentId: session.id, operation, id: String(row?.id) };
}

describe('A session that reconciliation quarantined', () => {
  async function quarantinedSession() {
    freezeTime();
    const shop = await unpolledWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    await setPayment(session.id, 'amount_minor', 4998);
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    passTime(5 * MINUTE);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ type: 'checkout.session' }]);
    return { shop, session };
  }

  it('is read from Stripe again and settled, where it fits now', async () => {
    const { shop, session } = await quarantinedSession();
    await setPayment(session.id, 'amount_minor', 4999);
    await requestReapply(operatorContext(shop.shard), session.stripe_session_id);
    await cron();
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'succeeded' });
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
  });

  it('is quarantined again, where it still does not fit', async () => {
    const { shop, session } = await quarantinedSession();
    await requestReapply(operatorContext(shop.shard), session.stripe_session_id);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([
      { id: session.stripe_session_id, reason: 'amount_differs', released_at: null },
    ]);
    expect(await readSession(shop, session.id)).toMatchObject({ status: 'created' });
  });

  it('is quarantined again where its row is gone', async () => {
    const { shop, session } = await quarantinedSession();
    await setPayment(session.id, 'stripe_session_id', 'cs_test_another');
    await requestReapply(operatorContext(shop.shard), session.stripe_session_id);
    await cron();
    expect(await quarantined(accountOf(shop.account))).toMatchObject([
      { id: session.stripe_session_id, reason: 'unknown_session', released_at: null },
    ]);
  });
});

describe('The list of quarantined events', () => {
  it('is the newest first, without bodies', async () => {
    // The list is that of one database.
    const first = await quarantinedPayment();
    const { shop } = first;
    const second = await quarantinedPayment({ shard: shop.shard });
    const listed = await listQuarantined(shop.database, 10);
    expect(listed.map((row) => row.id)).toEqual([second.id, first.id]);
    expect(listed[0]).not.toHaveProperty('body');
    expect(await listQuarantined(shop.database, 1)).toHaveLength(1);
  });
});
