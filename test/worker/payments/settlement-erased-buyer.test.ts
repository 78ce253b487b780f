import { describe, expect, it } from 'vitest';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import { accountOf, rowsOf } from '../support/api.ts';
import { changed, heldEvent, heldEvents, openSession, quarantined, sendAll } from '../support/payments.ts';
import { pay } from '../support/simulator.ts';
import { contextOf, newWorkspace, type TestWorkspace } from '../support/workspace.ts';

const erase = async (shop: TestWorkspace, email: string) => eraseBuyer(await contextOf(shop.workspace), email);

async function paidBy(shop: TestWorkspace, email: string, extra: Record<string, unknown> = {}): Promise<void> {
  const session = await openSession(shop, extra);
  await pay(session.stripe_session_id, 'paid', email);
  await sendAll(await heldEvents(shop));
}

/** A payment that Stripe reports with a wrong amount: its event is quarantined, with the buyer's address in it. */
async function quarantineEventOf(shop: TestWorkspace, email: string): Promise<void> {
  const session = await openSession(shop);
  await pay(session.stripe_session_id, 'paid', email);
  await sendAll([
    await changed(await heldEvent(shop, 'checkout.session.completed'), (content) => {
      content.data.object.amount_total = 1;
    }),
  ]);
}

const bodies = async (shop: TestWorkspace) =>
  (await quarantined(accountOf(shop.account))).map((row) => String(row.body));

describe('Erasing a buyer', () => {
  it('takes their e-mail and metadata out of payments and events, and leaves other buyers alone', async () => {
    const shop = await newWorkspace();
    await paidBy(shop, 'ann@example.com', { metadata: { order: 'A-17' } });
    await paidBy(shop, 'bob@example.com', { metadata: { order: 'B-18' } });
    expect(await erase(shop, 'Ann@Example.com')).toMatchObject({ payments: 1, events: 1, quarantined: 0 });
    expect(await rowsOf('payments', shop.workspace.id)).toMatchObject([
      { status: 'succeeded', amount_minor: 4999, customer_email: null, metadata: '{}' },
      { status: 'succeeded', customer_email: 'bob@example.com', metadata: '{"order":"B-18"}' },
    ]);
    const events = await rowsOf('events', shop.workspace.id);
    expect(events.map((row) => JSON.parse(String(row.body)).data.customer_email)).toEqual([null, 'bob@example.com']);
  });

  it('adds no customer_email to an event whose type has none', async () => {
    const shop = await newWorkspace();
    await paidBy(shop, 'ann@example.com');
    const [event] = await rowsOf('events', shop.workspace.id);
    const body = '{"id":"evt_other","type":"payments.payment.other","data":{"payment_id":1}}';
    await shop.binding
      .prepare('INSERT INTO events (id, workspace_id, type, payment_id, body, created_at) VALUES (?, ?, ?, ?, ?, 0)')
      .bind(`evt_${shop.workspace.id}`, shop.workspace.id, 'payments.payment.other', event?.payment_id, body)
      .run();
    expect(await erase(shop, 'ann@example.com')).toMatchObject({ payments: 1 });
    const [first, other] = await rowsOf('events', shop.workspace.id);
    expect(JSON.parse(String(first?.body)).data).toMatchObject({ customer_email: null });
    expect(other?.body).toBe(body);
  });

  it('finds the address given at Stripe, not the one of the request before it', async () => {
    const shop = await newWorkspace();
    await paidBy(shop, 'ann@example.com', { customer_email: 'office@example.com' });
    expect(await erase(shop, 'office@example.com')).toMatchObject({ payments: 0 });
    expect(await erase(shop, 'ann@example.com')).toMatchObject({ payments: 1 });
  });

  it("deletes the workspace's quarantined events with their address, and nothing else", async () => {
    const [shop, neighbour] = [await newWorkspace(), await newWorkspace()];
    for (const email of ['Ann@example.com', 'bob@example.com']) await quarantineEventOf(shop, email);
    await quarantineEventOf(neighbour, 'ann@example.com');
    expect(await bodies(shop)).toHaveLength(2);

    expect(await erase(shop, 'ann@EXAMPLE.com')).toMatchObject({ payments: 0 });

    expect(await bodies(shop)).toEqual([expect.stringContaining('bob@example.com')]);
    expect(await bodies(neighbour)).toEqual([expect.stringContaining('ann@example.com')]);
  });

  it("leaves quarantined events of the account's other mode to that mode's own workspace", async () => {
    const shop = await newWorkspace();
    await quarantineEventOf(shop, 'ann@example.com');
    await shop.binding
      .prepare('UPDATE quarantined_stripe_events SET livemode = 1 WHERE stripe_account_id = ?')
      .bind(accountOf(shop.account))
      .run();
    await erase(shop, 'ann@example.com');
    expect(await bodies(shop)).toHaveLength(1);
  });
});
