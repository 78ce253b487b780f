import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/db/client.ts';
import { listPayments as listStored } from '../../../src/db/payment-lists.ts';
import { erasePaymentsOfEmail } from '../../../src/db/retention.ts';
import { eraseBuyer } from '../../../src/domain/workspaces/erase-buyer.ts';
import { seedPayments } from '../support/payment-rows.ts';
import { changed, heldEvent, openSession, sendAll } from '../support/payments.ts';
import { listPayments, type PaymentList } from '../support/refunds.ts';
import { notingD1 } from '../support/rows-read.ts';
import { bindingOf } from '../support/shards.ts';
import { pay } from '../support/simulator.ts';
import { contextOf, newWorkspace } from '../support/workspace.ts';

const quiet = { webhook: false } as const;
const idsOf = ({ data }: PaymentList) => data.map(({ id }) => id);

describe('the filter', () => {
  it('customer_email may have a bare "+", and an international domain in any form', async () => {
    const shop = await newWorkspace(quiet);
    const plus = await seedPayments(shop, 1, { email: 'ada+1@example.com' });
    for (const email of ['ada+1@example.com', 'ada%2B1@example.com', 'ada%201@example.com']) {
      expect(idsOf(await listPayments(shop, `?customer_email=${email}`))).toEqual(plus);
    }
    const international = await seedPayments(shop, 1, { email: 'ada@xn--mnchen-3ya.de' });
    for (const email of ['ada@münchen.de', 'ADA@MÜNCHEN.DE', 'ada@xn--mnchen-3ya.de']) {
      expect(idsOf(await listPayments(shop, `?customer_email=${encodeURIComponent(email)}`))).toEqual(international);
    }
  });

  it('finds nothing of a buyer who was erased', async () => {
    const own = await newWorkspace(quiet);
    const [id] = await seedPayments(own, 1, { email: 'ada@example.com' });
    const what = { actor: 'operator', action: 'buyer.erase' as const, object: 'x', requestId: null, address: null };
    const audit = { shard: '0', workspaceId: own.workspace.id, at: Date.now(), ...what };
    await erasePaymentsOfEmail(own.database, own.workspace.id, 'ada@example.com', audit);
    expect(idsOf(await listPayments(own, '?customer_email=ada@example.com'))).toEqual([]);
    expect((await listPayments(own)).data).toMatchObject([{ id, customer_email: null, metadata: {} }]);
  });
});

describe('the payments of a buyer', () => {
  it('are those that were completed, and reading them reads no other rows', async () => {
    const shop = await newWorkspace(quiet);
    const email = 'ada@example.com';
    for (const status of ['created', 'expired']) await seedPayments(shop, 3, { status, email });
    const completed = await seedPayments(shop, 2, { email });
    await seedPayments(shop, 200, { email: 'eve@example.com' });
    expect(idsOf(await listPayments(shop, `?customer_email=${email}`))).toEqual(completed.toReversed());
    const noting = notingD1(env);
    const filter = {
      status: null,
      id: null,
      paymentLink: null,
      reference: null,
      after: null,
      before: null,
      customerEmail: email,
    };
    const owner = { workspaceId: shop.workspace.id, shard: shop.shard };
    const database = openDatabase(bindingOf(shop.shard, noting.bindings));
    await listStored(database, owner, filter, { limit: 50, offset: 0, before: null });
    expect(await noting.rowsRead()).toBeLessThanOrEqual(3 * (3 + 3 + 2) + 4);
  });
});

describe('an international e-mail domain', () => {
  it('that a buyer types at Stripe is stored in punycode, and the buyer is erased by any form of it', async () => {
    const shop = await newWorkspace(quiet);
    const typed = { customer_details: { email: 'ada@münchen.de' } };
    const payment = await openSession(shop);
    await pay(payment.stripe_session_id, 'paid');
    const paid = await heldEvent(shop, 'checkout.session.completed');
    await sendAll([await changed(paid, ({ data }) => Object.assign(data.object, typed))]);
    const { data } = await listPayments(shop, `?customer_email=${encodeURIComponent('ada@münchen.de')}`);
    expect(data).toMatchObject([{ id: payment.id, customer_email: 'ada@xn--mnchen-3ya.de' }]);
    const erased = await eraseBuyer(await contextOf(shop.workspace), 'Ada@münchen.de');
    expect(erased).toMatchObject({ payments: 1, events: 1 });
  });
});
