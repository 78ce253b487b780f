import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { accountOf, rowsOf } from '../support/api.ts';
import { interruptedD1 } from '../support/counting.ts';
import { fetchWith } from '../support/direct.ts';
import {
  changed,
  eventOf,
  heldEvent,
  heldEvents,
  openSession,
  quarantined,
  readSession,
  requestOf,
  sendAll,
  stripePost,
} from '../support/payments.ts';
import { pay, sendStripeEvent, stripeSessions } from '../support/simulator.ts';
import { newWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** As if the Worker had ended between Stripe's answer and its own write. */
async function loseRow(shop: TestWorkspace): Promise<void> {
  await shop.binding.prepare('DELETE FROM payments WHERE workspace_id = ?').bind(shop.workspace.id).run();
}

async function adoptions(shop: TestWorkspace): Promise<Record<string, unknown>[]> {
  const audit = await rowsOf('audit_log', shop.workspace.id);
  return audit.filter((entry) => entry.action === 'checkout_session.adopt');
}

describe('A session at Stripe whose row was never written', () => {
  it("is taken over from Stripe's metadata when it is paid: one row, one event", async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const session = await openSession(shop, {
      payment_link_token: link.token,
      reference: '1042',
      metadata: { order: 'A-17' },
    });
    const [before] = await rowsOf('payments', shop.workspace.id);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'paid', 'ann@example.com');

    const stripeEvents = await heldEvents(shop);
    await sendAll([...stripeEvents, ...stripeEvents]);

    const [stripeSession] = await stripeSessions(accountOf(shop.account));
    const rows = await rowsOf('payments', shop.workspace.id);
    expect(rows).toMatchObject([
      {
        operation_id: before?.operation_id,
        stripe_session_id: session.stripe_session_id,
        stripe_account_id: shop.account,
        stripe_payment_intent_id: stripeSession?.payment_intent,
        payment_link_id: link.id,
        status: 'succeeded',
        amount_minor: 5000,
        currency: 'GBP',
        reference: '1042',
        customer_email: 'ann@example.com',
        metadata: JSON.stringify({ order: 'A-17' }),
      },
    ]);
    const events = await rowsOf('events', shop.workspace.id);
    expect(events).toHaveLength(1);
    expect(JSON.parse(String(events[0]?.body)).data).toMatchObject({
      payment_id: rows[0]?.id,
      amount_cents: 5000,
      reference: '1042',
      payment_link_id: link.token,
    });
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
    expect(await quarantined(accountOf(shop.account))).toEqual([]);
    expect(await readSession(shop, Number(rows[0]?.id))).toMatchObject({ status: 'succeeded', reference: '1042' });
  });

  it('is one row and one event however many Stripe events report it at once', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'paid');
    const stripeEvent = await heldEvent(shop, 'checkout.session.completed');

    const answers = await Promise.all(Array.from({ length: 8 }, () => sendStripeEvent(stripeEvent)));

    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
    expect(await rowsOf('deliveries', shop.workspace.id)).toHaveLength(1);
    expect(await adoptions(shop)).toMatchObject([{ actor: 'stripe', object: session.stripe_session_id }]);
  });

  it('is taken over while a delayed method is processing, and settles later', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'processing');
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'processing' }]);
    await pay(session.stripe_session_id, 'processing_succeeded');
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
    expect((await rowsOf('events', shop.workspace.id)).map((row) => row.type)).toEqual([
      'payments.payment.processing',
      'payments.payment.succeeded',
    ]);
  });

  it('is not taken over where it only expired: nobody paid, nobody is notified', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'expired');
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
    expect(await rowsOf('events', shop.workspace.id)).toEqual([]);
  });

  it('is quarantined where its operation has the row of another session', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const stripeEvent = await heldEvent(shop, 'checkout.session.completed');
    await sendAll([
      await changed(stripeEvent, (content) => {
        content.id = `${content.id}Second`;
        content.data.object.id = `${content.data.object.id}Second`;
      }),
    ]);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'operation_of_another_session' }]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([
      { stripe_session_id: session.stripe_session_id, status: 'created' },
    ]);
    expect(await rowsOf('events', shop.workspace.id)).toEqual([]);
    expect(await adoptions(shop)).toEqual([]);
  });

  it('is set aside where its operation has a row in another workspace', async () => {
    const [shop, other] = [await newWorkspace(), await newWorkspace()];
    const session = await openSession(shop);
    await openSession(other);
    const [foreign] = await rowsOf('payments', other.workspace.id);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'paid');
    await sendAll([
      await changed(await heldEvent(shop, 'checkout.session.completed'), (content) => {
        Object.assign(content.data.object.metadata ?? {}, { softsolz_operation: foreign?.operation_id });
      }),
    ]);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'operation_of_another_session' }]);
    expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
    expect(await rowsOf('payments', other.workspace.id)).toEqual([foreign]);
    expect(await adoptions(shop)).toEqual([]);
  });

  it('leaves no audit entry where another session takes its operation while it is taken over', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await pay(session.stripe_session_id, 'paid');
    const stripeEvent = await heldEvent(shop, 'checkout.session.completed');
    const [lost] = await rowsOf('payments', shop.workspace.id);
    await loseRow(shop);
    const names = Object.keys(lost ?? {});
    const other = { ...lost, stripe_session_id: `${session.stripe_session_id}Other` };
    const columns = `(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    // The directory with the state, the operation, the intent: the fourth round trip writes the row.
    const database = interruptedD1(env, 4, async () => {
      await shop.binding
        .prepare(`INSERT INTO payments ${columns}`)
        .bind(...Object.values(other))
        .run();
    });

    expect((await fetchWith(database, requestOf(stripeEvent))).status).toBe(200);

    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'operation_of_another_session' }]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ stripe_session_id: other.stripe_session_id }]);
    expect(await adoptions(shop)).toEqual([]);
  });

  it('has the refunds that were reported before it: they are read when it is taken over', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'paid');
    const completed = await heldEvent(shop, 'checkout.session.completed');
    const intent = String(eventOf(completed).data.object.payment_intent);
    await stripePost(accountOf(shop.account), '/v1/refunds', { payment_intent: intent, amount: '1000' });
    const refunded = await heldEvents(shop);
    await sendAll(refunded);
    expect(await quarantined(accountOf(shop.account))).toMatchObject([{ reason: 'unknown_operation' }]);
    expect(await rowsOf('refunds', shop.workspace.id)).toEqual([]);

    await sendAll([completed]);

    const [payment] = await rowsOf('payments', shop.workspace.id);
    expect(payment).toMatchObject({ status: 'succeeded', stripe_payment_intent_id: intent });
    expect(await rowsOf('refunds', shop.workspace.id)).toMatchObject([{ payment_id: payment?.id, amount_minor: 1000 }]);
    expect(await readSession(shop, Number(payment?.id))).toMatchObject({ status: 'partially_refunded' });
    const types = ['payments.payment.succeeded', 'payments.payment.refunded'];
    expect((await rowsOf('events', shop.workspace.id)).map((row) => row.type)).toEqual(types);
    await sendAll([...refunded, completed]);
    expect(await rowsOf('refunds', shop.workspace.id)).toHaveLength(1);
    expect((await rowsOf('events', shop.workspace.id)).map((row) => row.type)).toEqual(types);
  });

  it('is not taken over while its refunds cannot be read, and is when the event comes again', async () => {
    const shop = await newWorkspace();
    const session = await openSession(shop);
    await loseRow(shop);
    await pay(session.stripe_session_id, 'paid');
    const stripeEvent = await heldEvent(shop, 'checkout.session.completed');
    const unreachable = { STRIPE_API_BASE: 'http://localhost:12199' };
    expect((await fetchWith(unreachable, requestOf(stripeEvent))).status).toBe(503);
    expect(await rowsOf('payments', shop.workspace.id)).toEqual([]);
    await sendAll([stripeEvent]);
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded' }]);
  });

  it('is taken over without its link where the link is no more', async () => {
    const shop = await newWorkspace();
    const link = await shop.link();
    const session = await openSession(shop, { payment_link_token: link.token });
    await loseRow(shop);
    await shop.binding.prepare('DELETE FROM payment_links WHERE id = ?').bind(link.id).run();
    await pay(session.stripe_session_id, 'paid');
    await sendAll(await heldEvents(shop));
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([{ status: 'succeeded', payment_link_id: null }]);
    expect(await rowsOf('events', shop.workspace.id)).toHaveLength(1);
  });
});
